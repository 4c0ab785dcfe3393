/** An image in a tar of `docker save`. */
export interface TarImage {
  /** `sha256:...`, which is the image's id wherever it is loaded. */
  id: string;
  tags: string[];
}

/**
 * The images that a tar's manifest.json lists; undefined where that is none. Its "Config" is `HEX.json`, or, from
 * Docker 25 on, `blobs/sha256/HEX`.
 */
export function imagesIn(manifest: string | undefined): TarImage[] | undefined {
  try {
    const list = JSON.parse(manifest ?? '') as { Config: string; RepoTags: string[] | null }[];
    const images = list.map(({ Config, RepoTags }) => ({ id: /[\da-f]{64}/.exec(Config)?.[0], tags: RepoTags ?? [] }));
    return images.flatMap(({ id, tags }) => (id === undefined ? [] : [{ id: `sha256:${id}`, tags }]));
  } catch {
    return undefined;
  }
}

/**
 * The images of a tar, besides the one with the name `name`, that a host has not, by each of their names; `all` are
 * the ids that it has, by name and by themselves. One of several that has no name goes by its id.
 */
export function others(
  images: readonly TarImage[],
  name: string,
  all: Readonly<Record<string, string>> = {},
): { name: string; id: string; found: string | undefined }[] {
  const named = images.flatMap(({ id, tags }) =>
    (tags.length > 0 ? tags : images.length > 1 ? [id] : []).map((tag) => ({ name: tag, id, found: all[tag] })),
  );
  return named.filter((one) => one.name !== name && one.found !== one.id);
}
