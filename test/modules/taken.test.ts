import { describe, expect, test } from 'vitest';
import { cksum } from '../../runner/modules/path/cksum.ts';
import { parseFile } from '../../runner/modules/path/file-state.ts';
import { takenOf } from '../../runner/modules/path/taken.ts';
import { bytesOf, textOf } from '../../runner/model/host-text.ts';

const SUM = '9e26bf369911c45c243c684147b23fc9e1dcfcf257d299a1c632016a6fcd33f4';
const STAT = 'type=file\nmode=644 uid=0 gid=0 size=6 mtime=1 owner=root group=root\n';
const state = (stdout: string) => parseFile({ rc: 0, stdout, stderr: '' });

describe('content from a host', () => {
  test.each([
    [`content sha256 ${SUM} base64\neCA9IDEK\n.\n`],
    [`content sha256 ${SUM} hex\n 78 20 3d\n 20 31 0a\n.\n`],
    ['content cksum 191840104 6 hex\n 78 20 3d 20 31 0a\n.\n'],
  ])('is taken whole: %j', (block) => {
    expect(takenOf(block).toString()).toBe('x = 1\n');
  });

  test.each([
    ['half of it', `content sha256 ${SUM} base64\neCA9\n.\n`],
    ['none of it', `content sha256 ${SUM} base64\n.\n`],
    ['no end', `content sha256 ${SUM} base64\neCA9IDEK\n`],
    ['half a checksum', `content sha256 ${SUM.slice(0, 32)} base64\neCA9IDEK\n.\n`],
    ['no checksum', 'content sha256  base64\neCA9IDEK\n.\n'],
    ['another size', 'content cksum 191840104 7 hex\n 78 20 3d 20 31 0a\n.\n'],
    ['nothing', ''],
  ])('is refused: %s', (_why, block) => {
    expect(() => takenOf(block)).toThrow(/did not arrive completely|was expected/);
  });

  test('has the checksum of POSIX cksum', () => {
    expect([cksum(Buffer.from('')), cksum(Buffer.from('x = 1\n')), cksum(Buffer.alloc(300, 'a'))]).toEqual([
      4294967295, 191840104, 1664553091,
    ]);
  });
});

describe('the state of a file', () => {
  test.each([
    ['no attributes', 'type=file\n'],
    ['half of its attributes', 'type=file\nmode=644 uid=0 gid\n'],
    ['half a checksum', `${STAT}sha256=9e26bf\n`],
    ['an empty checksum', `${STAT}sha256=\n`],
    ['half of a name', `target:4\n 61 c3\n.\n${STAT}`],
    ['content without an end', `${STAT}sha256=${SUM}\ncontent sha256 ${SUM} base64\neCA9IDEK\n`],
    ['content that was to be hashed here', `${STAT}sha256=content\n`],
    [
      'a link with half of its target',
      'target=/a\ntype=link\nmode=777 uid=0 gid=0 size=4 mtime=1 owner=root group=root\n',
    ],
  ])('is refused with %s', (_why, stdout) => {
    expect(() => state(stdout)).toThrow(/cannot be read|did not arrive|was expected/);
  });

  test('comes without sha256sum and stat, too', () => {
    const stdout =
      'type=file\nrights=-rwsr-x--T uid=1 gid=2 size=6 owner=bin group=adm\nsha256=content\ncontent cksum 191840104 6 hex\n 78 20 3d 20 31 0a\n.\n';
    expect(state(stdout)).toEqual({
      type: 'file',
      mode: '5750',
      uid: 1,
      gid: 2,
      size: 6,
      owner: 'bin',
      group: 'adm',
      sha256: SUM,
      content: 'x = 1\n',
    });
  });

  test('has a target of several lines as it is', () => {
    const target = '/a\ntype=absent';
    const hex = Buffer.from(target).toString('hex');
    expect(
      state(
        `target:${target.length}\n ${hex}\n.\ntype=link\nmode=777 uid=0 gid=0 size=${target.length} mtime=1 owner=root group=root\n`,
      ),
    ).toMatchObject({ type: 'link', target });
  });
});

test('any bytes become text and the same bytes again', () => {
  const bytes = Buffer.from([0x61, 0xe9, 0xc3, 0xa9, 0xff, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, 0x80, 0xc3]);
  expect(textOf(bytes)).toBe('a\udce9é\udcff😀\udced\udca0\udc80\udcc3');
  expect(bytesOf(textOf(bytes))).toEqual(bytes);
  expect(bytesOf('é😀')).toEqual(Buffer.from('é😀'));
});
