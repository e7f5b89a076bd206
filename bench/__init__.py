"""Measurements, as ratios; nothing here runs in the product or in its tests."""
