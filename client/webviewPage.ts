/** Where a webview's page gets what it needs. */
interface WebviewPageParts {
  /** Title of the document; screen readers say it. */
  readonly title: string;
  /** The `id` of the element that the script fills. */
  readonly rootId: string;
  /** Address of the one script. */
  readonly script: string;
  /** Addresses of the style sheets, in their order. */
  readonly styles: readonly string[];
  /** Source of style sheets that the policy allows. */
  readonly styleSource: string;
  /** Unguessable, new for every page. */
  readonly nonce: string;
}

/**
 * The page of a webview: an empty body that the script fills.
 * Nothing but our one script runs and nothing but our own style sheets applies; no picture, font or connection is
 * allowed. The component library looks for the nonce in a `meta` element: it tries with an empty style element whether
 * the browser knows `:focus-visible`.
 */
export function webviewPage({ title, rootId, script, styles, styleSource, nonce }: WebviewPageParts): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${styleSource} 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
${styles.map((style) => `<link rel="stylesheet" href="${style}">`).join('\n')}
<title>${title}</title>
</head>
<body>
<main id="${rootId}"></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
