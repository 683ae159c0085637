/** Kubernetes' `$(NAME)` references: an unknown name stays as it is written, `$$` is a dollar sign. */
export function expandReferences(text: string, valueOf: (name: string) => string | undefined): string {
  if (!text.includes('$')) return text;
  return text.replace(/\$(?:\$|\(([^()]*)\))/g, (whole, name: string | undefined) => {
    if (name === undefined) return '$';
    return valueOf(name) ?? whole;
  });
}
