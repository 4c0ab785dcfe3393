/** A value as Ansible writes it into text, with Python's words: `True`, `['a', 1]`, `{'a': None}`; null alone is nothing. */
export function pythonText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : repr(value);
}

/** Python's repr(). */
function repr(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return reprText(value);
  if (typeof value === 'number') return pythonNumber(value);
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  if (typeof value !== 'object') return String(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${reprText(key)}: ${repr(inner)}`)
    .join(', ')}}`;
}

/** A number as Python writes it: `1e+16` and `inf` where JavaScript has other words. */
export function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Number.isSafeInteger(value) ? String(value) : String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

const SIGNS: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

/** In single quotes, or in double ones where it holds only single ones. */
function reprText(value: string): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  const inside = value.replaceAll(/[\\\n\r\t\p{Cc}\p{Zl}\p{Zp}]/gu, (sign) => {
    const code = sign.codePointAt(0)!;
    return (
      SIGNS[sign] ??
      (code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`)
    );
  });
  return quote + (quote === "'" ? inside.replaceAll("'", "\\'") : inside) + quote;
}
