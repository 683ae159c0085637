/** The first field path that a sentence names, such as `.spec.replicas: expected numeric` or `unknown field "spec.foo"`. */
export function pathInSentence(sentence: string): string | undefined {
  return (
    /unknown field "([^"]+)"/.exec(sentence)?.[1] ??
    /(?:^|[\s(])(\.[A-Za-z][\w.-]*(?:\[[^\]]*\][\w.-]*)*)(?=:\s)/.exec(sentence)?.[1]
  );
}
