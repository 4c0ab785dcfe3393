const SUFFIX = /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;

/** The unit that a name refers to: `.service` may be left out, and a path is the unit of what is mounted there, as systemctl takes it. */
export function unitName(name: string): string {
  if (name.startsWith('/dev/')) return `${escapedPath(name)}.device`;
  if (name.startsWith('/')) return `${escapedPath(name)}.mount`;
  return SUFFIX.test(name) ? name : `${name}.service`;
}

/** A unit without an instance, as `getty@.service`: it can be enabled and masked, but not started. */
export function isTemplate(unit: string): boolean {
  return /@\.\w+$/.test(unit);
}

/** As `systemd-escape --path` writes it: systemd.unit(5), "STRING ESCAPING FOR INCLUSION IN UNIT NAMES". */
function escapedPath(path: string): string {
  const bare = path.split('/').filter(Boolean).join('/');
  if (bare === '') return '-';
  const bytes = [...Buffer.from(bare)].map((byte, at) => {
    const character = String.fromCharCode(byte);
    if (character === '/') return '-';
    return /[A-Za-z0-9:_.]/.test(character) && !(at === 0 && character === '.')
      ? character
      : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return bytes.join('');
}
