/** `start`, `end` and `delta` in Ansible's form, by the controller's clock. */
export function times(began: number, ended: number): { start: string; end: string; delta: string } {
  return { start: stamp(began), end: stamp(ended), delta: span(ended - began) };
}

/** `2026-11-30 12:00:00.123000`, local time. */
function stamp(ms: number): string {
  const at = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${micros(ms)}`;
}

/** `0:00:01.500000`; a day and more as `1 day, 0:00:00.000000`. */
function span(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const days = Math.floor(seconds / 86_400);
  const two = (n: number) => String(n).padStart(2, '0');
  const clock = `${Math.floor((seconds % 86_400) / 3600)}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}.${micros(ms)}`;
  return days === 0 ? clock : `${days} day${days === 1 ? '' : 's'}, ${clock}`;
}

function micros(ms: number): string {
  return `${String(ms % 1000).padStart(3, '0')}000`;
}
