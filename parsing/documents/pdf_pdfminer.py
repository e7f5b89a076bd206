"""PDF through pdfminer.six: slower and more patient than pdfium; the second opinion on pages whose letters look wrong."""

from __future__ import annotations

from io import BytesIO

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import IndexAssigner, LAParams, LTPage, LTTextBox
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage

MAX_BOXES = 300
"""Text boxes on a page above which they are not grouped: it is worse than quadratic (3,000 boxes: 138 s); real CVs have up to 79."""


def texts(data: bytes, numbers: set[int]) -> dict[int, str]:
    """Return the text of the pages `numbers` (counted from 0) in pdfminer's reading order; raises whatever pdfminer raises."""
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=None)
    interpreter = PDFPageInterpreter(resources, device)
    found: dict[int, str] = {}
    wanted = sorted(numbers)
    for number, page in zip(wanted, PDFPage.get_pages(BytesIO(data), pagenos=numbers), strict=False):
        interpreter.process_page(page)
        found[number] = _text(device.get_result())
    return found


def _text(page: LTPage) -> str:
    """Group a page's characters into lines and boxes, and boxes into an order where there are not too many."""
    page.analyze(LAParams(boxes_flow=None))
    boxes = [item for item in page if isinstance(item, LTTextBox)]
    if len(boxes) <= MAX_BOXES:
        order = IndexAssigner()
        parameters = LAParams()
        for group in page.group_textboxes(parameters, boxes):
            group.analyze(parameters)
            order.run(group)
        boxes.sort(key=lambda box: box.index)
    return "\n\n".join(box.get_text().strip() for box in boxes)
