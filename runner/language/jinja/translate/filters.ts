import { list, mapping, number, text, unknown } from '../types.ts';
import type { JinjaType } from '../types.ts';
import { helper } from './arguments.ts';
import type { Translation } from './arguments.ts';
import { listFilters } from './list-filters.ts';
import { valueFilters } from './value-filters.ts';

/** Filters whose helper has its name, type by type: `name(jinja's parameters)`, or `filter>helper(...)`. */
const plain: [JinjaType, string][] = [
  [text, 'lower upper capitalize title b64decode b64encode basename dirname expanduser realpath normpath quote'],
  [text, 'regex_escape>regexEscape urlencode>urlencodeQuery url_decode>urldecode urldecode to_uuid>toUuid(namespace)'],
  [
    text,
    'md5 sha1 checksum>sha1 hash(hashtype="sha1") password_hash>passwordHash(hashtype="sha512" salt salt_size>- rounds>rounds)',
  ],
  [text, 'replace(old new) join(d="" attribute>key) indent(width=4 first>first blank>blank) center(width=80)'],
  [text, 'wordwrap(width=79) format(rest...) relpath(start) type_debug>typeDebug'],
  [
    text,
    'comment>commentBlock(style="plain" decoration>decoration beginning>beginning prefix>prefix prefix_count>prefixCount ' +
      'postfix>postfix postfix_count>postfixCount end>end newline>newline)',
  ],
  [
    text,
    'to_json>toJson(indent>indent sort_keys>sortKeys ensure_ascii>ensureAscii) human_readable>humanReadable(isbits>isbits unit>unit)',
  ],
  [text, 'to_nice_json>toNiceJson(indent>indent sort_keys>sortKeys ensure_ascii>ensureAscii)'],
  [text, 'to_yaml>toYaml(indent>indent width>width sort_keys>sortKeys default_flow_style>defaultFlowStyle)'],
  [text, 'to_nice_yaml>toNiceYaml(indent>indent width>width sort_keys>sortKeys default_flow_style>defaultFlowStyle)'],
  [
    unknown,
    'from_json>fromJson from_yaml>fromYaml from_yaml_all>fromYamlAll json_query>jsonQuery(query) to_datetime>toDatetime(format)',
  ],
  [unknown, 'random(start step seed>seed) ipaddr(query) ipv4(query) ipv6(query) ipwrap>ipWrap mandatory>required(msg)'],
  [unknown, 'urlsplit(query)'],
  [number, 'root(base) pow(exponent) abs float>toFloat(default) log(base) human_to_bytes>humanToBytes(unit) wordcount'],
  [number, 'round(precision=0 method>method)'],
  [list, 'split(sep) splitext unique(case_sensitive>caseSensitive attribute>key) union(a) difference(a) intersect(a)'],
  [list, 'symmetric_difference>symmetricDifference(a) flatten(levels skip_nulls>-) zip(rest...) product(rest...)'],
  [list, 'zip_longest>zipLongest(rest... fillvalue>fill) permutations(size) combinations(size) shuffle(seed>seed)'],
  [list, 'sort(reverse>reverse case_sensitive>caseSensitive attribute>key) batch(linecount fill_with) reverse'],
  [
    list,
    'subelements(key skip_missing>skipMissing) groupby(attribute) dict2items(key_name>keyName value_name>valueName)',
  ],
  [list, 'dictsort(case_sensitive>- by>by reverse>reverse) fileglob'],
  [text, 'e>escapeHtml escape>escapeHtml'],
  [mapping, 'items2dict(key_name>keyName value_name>valueName)'],
  [unknown, 'min(case_sensitive>caseSensitive attribute>key) max(case_sensitive>caseSensitive attribute>key)'],
];

const entry = /([\w.]+)(?:>(\w+))?(?:\(([^)]*)\))?/g;

const table: Readonly<Record<string, Translation>> = {
  ...Object.fromEntries(
    plain.flatMap(([type, row]) =>
      [...row.matchAll(entry)].map(([, name = '', target = name, params = '']) => [name, helper(target, params, type)]),
    ),
  ),
  ...valueFilters,
  ...listFilters,
};

/** The translation of a filter; undefined where it has none. A collection's name in front counts for nothing. */
export function filterOf(name: string): Translation | undefined {
  const short = name.slice(name.lastIndexOf('.') + 1);
  return Object.hasOwn(table, short) ? table[short] : undefined;
}

/** The filters that have a translation, for suggestions. */
export const filterNames: readonly string[] = Object.keys(table);
