#!/bin/sh
# Installs the servers and programs that the tests need, when root on Debian or Ubuntu; elsewhere says what is missing.
# No service is left running: the tests start their own, on loopback, and stop them.
set -eu

missing=""
command -v dovecot >/dev/null 2>&1 || [ -x /usr/sbin/dovecot ] || missing="$missing dovecot-imapd"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="$missing postgresql"
case "$(tesseract --list-langs 2>/dev/null)" in *fra*) ;; *) missing="$missing tesseract-ocr tesseract-ocr-fra" ;; esac
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing$missing"
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then # keeps the packages from starting services of their own
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
        trap 'rm -f "$policy"' EXIT
    fi
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    exit 0
fi

case "$missing" in *dovecot*) echo "missing: dovecot-imapd. Untested without it: reading mailboxes, and everything from end to end" ;; esac
case "$missing" in *postgresql*) echo "missing: postgresql. Untested without it: PostgreSQL; SQLite is tested" ;; esac
case "$missing" in *tesseract*) echo "missing: tesseract-ocr tesseract-ocr-fra. Untested without them: reading scans and pictures" ;; esac
