/** Where the panel's page gets what it needs. */
interface PanelPageParts {
  /** Address of the one script. */
  readonly script: string;
  /** Address of the one style sheet. */
  readonly style: string;
  /** Source of style sheets that the policy allows. */
  readonly styleSource: string;
  /** Unguessable, new for every page. */
  readonly nonce: string;
}

/**
 * The panel's page: an empty body that the script fills.
 * Nothing but our one script runs and nothing but our own style sheet applies; no picture, font or connection is allowed.
 * The component library looks for the nonce in a `meta` element: it tries with an empty style element whether the
 * browser knows `:focus-visible`.
 */
export function panelPage({ script, style, styleSource, nonce }: PanelPageParts): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${styleSource} 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>GraphNAD results</title>
</head>
<body>
<main id="panel"></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
