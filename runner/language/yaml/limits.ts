/** What one YAML file may hold; beyond it E_LIMIT. Far above what people write, far below what hurts. */
export interface YamlLimits {
  /** Characters of the file. */
  size: number;
  /** Characters of one scalar. */
  scalar: number;
  /** Lists and mappings inside of each other. */
  depth: number;
  /** Values in the document when each alias is counted as often as it is used. */
  values: number;
}

export const defaultLimits: YamlLimits = { size: 5_000_000, scalar: 2_000_000, depth: 50, values: 300_000 };
