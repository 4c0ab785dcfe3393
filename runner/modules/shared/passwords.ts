/** The passwords in addresses among the texts: what stands between `user:` and `@`. */
export function passwordsIn(texts: readonly string[]): string[] {
  return texts.flatMap((one) => [...one.matchAll(/:\/\/[^\s/:@]*:([^\s/@]+)@/g)].map(([, password = '']) => password));
}
