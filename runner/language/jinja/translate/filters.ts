import { boolean, list, mapping, number, text, unknown } from '../types.ts';
import type { JinjaType } from '../types.ts';
import { helper } from './arguments.ts';
import type { Translation } from './arguments.ts';
import { listFilters } from './list-filters.ts';
import { valueFilters } from './value-filters.ts';

/** Filters whose helper has its name, type by type: `name(jinja's parameters)`, or `filter>helper(...)`. */
const plain: [JinjaType, string][] = [
  [
    text,
    'lower upper capitalize title trim(chars) b64decode b64encode basename dirname expanduser realpath normpath quote',
  ],
  [
    text,
    'regex_escape>regexEscape urlencode url_decode>urldecode urldecode to_uuid>toUuid(namespace) md5 sha1 checksum>sha1',
  ],
  [
    text,
    'hash(hashtype="sha1") password_hash>passwordHash(hashtype="sha512" salt>salt salt_size>saltSize rounds>rounds)',
  ],
  [text, 'replace(old new count) join(d="" attribute>key) indent(width=4 first>first blank>blank) center(width=80)'],
  [
    text,
    'truncate(length=255 killwords>killwords end>end leeway>leeway) wordwrap(width=79) format(rest...) relpath(start)',
  ],
  [
    text,
    'comment(style>style="plain" decoration>decoration prefix>prefix prefix_count>prefixCount postfix>postfix postfix_count>postfixCount)',
  ],
  [
    text,
    'to_json>toJson(indent>indent sort_keys>sortKeys) tojson>toJson(indent>indent) type_debug>typeDebug pprint>pyRepr',
  ],
  [text, 'to_nice_json>toNiceJson(indent>indent sort_keys>sortKeys) escape>escapeHtml e>escapeHtml expandvars'],
  [text, 'to_yaml>toYaml(indent>indent default_flow_style>flow sort_keys>sortKeys width>width)'],
  [text, 'to_nice_yaml>toNiceYaml(indent>indent sort_keys>sortKeys width>width)'],
  [text, 'human_readable>humanReadable(isbits>isBits unit>unit) strftime_placeholder win_basename win_dirname'],
  [
    unknown,
    'from_json>fromJson from_yaml>fromYaml from_yaml_all>fromYamlAll json_query>jsonQuery(query) to_datetime>toDatetime(format)',
  ],
  [
    unknown,
    'first last random(seed>seed) extract(container morekeys) ipaddr(query) ipv4(query) ipv6(query) ipwrap>ipWrap',
  ],
  [unknown, 'root(base) urlsplit(query) pow(exponent) abs mandatory>required(msg="required")'],
  [number, 'float>toFloat(default) log(base) human_to_bytes>humanToBytes(default_unit>unit) wordcount'],
  [
    list,
    'split(sep maxsplit) splitext unique(case_sensitive>caseSensitive attribute>key) union(a) difference(a) intersect(a)',
  ],
  [
    list,
    'symmetric_difference>symmetricDifference(a) flatten(levels>levels skip_nulls>skipNulls) zip(rest...) reverse',
  ],
  [
    list,
    'zip_longest>zipLongest(other fillvalue>fill) product(rest...) permutations(size) combinations(size) shuffle(seed>seed)',
  ],
  [
    list,
    'sort(reverse>reverse case_sensitive>caseSensitive attribute>key) batch(count fill) slice>columns(count fill) subelements(key skip_missing>skipMissing)',
  ],
  [
    list,
    'groupby(attribute) items dict2items(key_name>keyName value_name>valueName) dictsort(case_sensitive>caseSensitive by>by reverse>reverse)',
  ],
  [mapping, 'items2dict(key_name>keyName value_name>valueName) combine(rest...)'],
  [number, 'round(precision=0 method>method) sum(attribute>key start>start)'],
  [unknown, 'min(case_sensitive>caseSensitive attribute>key) max(case_sensitive>caseSensitive attribute>key)'],
  [boolean, 'version(version operator)'],
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
