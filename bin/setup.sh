# Sourced by the scripts that start from a bare clone: goes to the checkout, and installs what is missing or stale.
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo 'xrun needs Node.js 20.19 or later, with npm' >&2
  exit 2
fi
if ! node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)'; then
  echo "xrun needs Node.js 20.19 or later, this is $(node --version)" >&2
  exit 2
fi

# npm writes node_modules/.package-lock.json at the end of every install. Not `npm ci`: it takes all packages away first, also
# those that have not changed and that another command may be running from.
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "installing npm packages"
  # No package needs its install script here, and node-gyp's would download headers.
  npm install --no-save --ignore-scripts --loglevel=error
  touch node_modules/.package-lock.json
fi

npm run --silent build
