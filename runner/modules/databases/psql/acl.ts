import { array, literal } from './words.ts';

/** What may do what with an object. */
export interface Acl {
  object: string;
  /** Other spellings of a function. */
  spelling?: string[];
  /** As GRANT names it. */
  sql: string;
  /** Every privilege that an object of its kind has. */
  all: string[];
  acl: [grantee: string, privilege: string, grantable: boolean][];
}

/** Where the objects of a kind are: columns of a catalog, and the letter of acldefault. */
interface Kind {
  from: string;
  object: string;
  /** How GRANT names it: a format, and what goes into it. */
  sql: string;
  letter: string;
  acl: string;
  owner: string;
  where: string;
  inSchema?: true;
}

const SPACE = 'JOIN pg_namespace n ON n.oid';
const relation = (kinds: string, letter: string, word: string): Kind => ({
  from: `pg_class c ${SPACE} = c.relnamespace`,
  object: 'c.relname',
  sql: `format('${word} %I.%I', n.nspname, c.relname)`,
  letter,
  acl: 'c.relacl',
  owner: 'c.relowner',
  where: `c.relkind IN (${kinds})`,
  inSchema: true,
});
const routine = (kinds: string, word: string): Kind => ({
  from: `pg_proc c ${SPACE} = c.pronamespace`,
  object: `c.proname || '(' || replace(oidvectortypes(c.proargtypes), ', ', ',') || ')'`,
  sql: `'${word} ' || c.oid::regprocedure`,
  letter: 'f',
  acl: 'c.proacl',
  owner: 'c.proowner',
  where: `c.prokind IN (${kinds})`,
  inSchema: true,
});
const named = (table: string, prefix: string, letter: string, word: string): Kind => ({
  from: `${table} c`,
  object: `c.${prefix}name`,
  sql: `format('${word} %I', c.${prefix}name)`,
  letter,
  acl: `c.${prefix}acl`,
  owner: `c.${prefix}owner`,
  where: 'true',
});

const ACLS: Record<string, Kind> = {
  table: relation("'r', 'v', 'm', 'f', 'p'", 'r', 'TABLE'),
  sequence: relation("'S'", 's', 'SEQUENCE'),
  function: routine("'f', 'w', 'a'", 'FUNCTION'),
  procedure: routine("'p'", 'PROCEDURE'),
  schema: named('pg_namespace', 'nsp', 'n', 'SCHEMA'),
  database: { ...named('pg_database', 'dat', 'd', 'DATABASE'), owner: 'c.datdba' },
  language: named('pg_language', 'lan', 'l', 'LANGUAGE'),
  tablespace: named('pg_tablespace', 'spc', 't', 'TABLESPACE'),
  foreign_data_wrapper: named('pg_foreign_data_wrapper', 'fdw', 'F', 'FOREIGN DATA WRAPPER'),
  foreign_server: named('pg_foreign_server', 'srv', 'S', 'FOREIGN SERVER'),
  type: {
    ...named('pg_type', 'typ', 'T', 'TYPE'),
    from: `pg_type c ${SPACE} = c.typnamespace`,
    sql: `format('TYPE %I.%I', n.nspname, c.typname)`,
    inSchema: true,
  },
};

/** The types of objects that privileges are managed of. */
export const KINDS = [
  'table',
  'sequence',
  'function',
  'procedure',
  'schema',
  'database',
  'language',
  'tablespace',
  'foreign_data_wrapper',
  'foreign_server',
  'type',
  'group',
] as const;

/** Asks for the privileges on objects, on all of the schema where none are named; and which of the roles there are. */
export function asksPrivileges(
  type: (typeof KINDS)[number],
  objects: readonly string[] | undefined,
  schema: string,
  roles: readonly string[],
): string {
  const known = `SELECT json_build_object('role', rolname) FROM pg_roles WHERE rolname = ANY (${array(roles)});`;
  const kind = ACLS[type];
  return kind === undefined
    ? `${known}\n${asksMembers(objects ?? [])}`
    : `${known}\n${asksAcls(kind, objects, schema)}`;
}

function asksAcls(
  { from, object, sql, letter, acl, owner, where, inSchema }: Kind,
  objects: readonly string[] | undefined,
  schema: string,
): string {
  const here = inSchema ? ` AND n.nspname = ${literal(schema)}` : '';
  const plain = objects?.map((one) => one.replace(/[:,]\s*/g, ','));
  const spelled = letter === 'f' ? ` OR replace(${object}, 'integer', 'int') = ANY (${array(plain ?? [])})` : '';
  const chosen = plain === undefined ? '' : ` AND ((${object}) = ANY (${array(plain)})${spelled})`;
  const spelling = letter === 'f' ? `json_build_array(replace(${object}, 'integer', 'int'))` : `'[]'::json`;
  return `SELECT json_build_object('object', ${object}, 'spelling', ${spelling}, 'sql', ${sql},
 'all', (SELECT json_agg(a.privilege_type) FROM aclexplode(acldefault('${letter}', ${owner})) a WHERE a.grantee = ${owner}),
 'acl', (SELECT coalesce(json_agg(json_build_array(CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END, a.privilege_type, a.is_grantable)), '[]')
  FROM aclexplode(coalesce(${acl}, acldefault('${letter}', ${owner}))) a))
FROM ${from} WHERE ${where}${here}${chosen};`;
}

/** Roles that have members: membership is their one privilege. */
function asksMembers(groups: readonly string[]): string {
  return `SELECT json_build_object('object', g.rolname, 'sql', format('%I', g.rolname), 'all', json_build_array('MEMBER'),
 'acl', (SELECT coalesce(json_agg(json_build_array(pg_get_userbyid(m.member), 'MEMBER', m.admin_option)), '[]') FROM pg_auth_members m WHERE m.roleid = g.oid))
FROM pg_roles g WHERE g.rolname = ANY (${array(groups)}) ORDER BY g.rolname;`;
}
