/** The tree's HTML. Only the named script and style sheets may load; nothing inline, nothing from the network. */
export interface PageParts {
  readonly script: string;
  readonly styles: readonly string[];
  /** What the policy may name as the source of styles: `'self'`, or the editor's own. */
  readonly styleSource: string;
  /** Fresh for each page. */
  readonly nonce: string;
  /** Sources the page may connect to; none in the editor, where messages come another way. */
  readonly connect?: string;
  readonly language: string;
  /** Whether it shows other pages of the same server inside. */
  readonly isFramed?: boolean;
  readonly icon?: string;
}

/** The files beside the script, in the order in which they count. */
export const treeStyles: readonly string[] = ['tree.css', 'rows.css', 'rowStates.css'];
export const detailsStyles: readonly string[] = ['details.css', 'sections.css', 'texts.css', 'detailsStates.css'];

/** The page, and its policy for those who can send it as a header too. */
export function treePage({ script, styles, styleSource, nonce, connect, language, isFramed, icon }: PageParts): {
  html: string;
  policy: string;
} {
  const directives = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${styleSource}`,
    ...(connect ? [`connect-src ${connect}`] : []),
    ...(isFramed ? ["frame-src 'self'"] : []),
    ...(icon ? ["img-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ];
  const policy = directives.join('; ');
  const html = `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Kube Playground</title>
${icon ? `    <link rel="icon" href="${icon}" />\n` : ''}${styles.map((href) => `    <link rel="stylesheet" href="${href}" />`).join('\n')}
  </head>
  <body data-vscode-context='{"preventDefaultContextMenuItems":true}'>
    <script type="module" nonce="${nonce}" src="${script}"></script>
  </body>
</html>
`;
  return { html, policy };
}
