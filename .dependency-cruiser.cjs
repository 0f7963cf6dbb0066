/** The layering of docs/architecture.md as rules: a room may import the rooms below it, never one above. */
const floors = ['lsp', 'jobs', 'report', 'scan', 'defense', 'attack', 'gnn', 'dataset', 'graph'];
/** Each room of the server, forbidden to import the entry points and all rooms before it in the list. */
const layerRules = floors.map((room, i) => ({
  name: `server-${room}-imports-downwards`,
  severity: 'error',
  from: { path: `^server/src/${room}/` },
  to: {
    path: `^server/src/(${['main', 'cli', 'worker', 'side', ...floors.slice(0, i)].join('|')})(/|\\.ts$)`,
  },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...layerRules,
    {
      name: 'checkpoint-knows-nobody',
      severity: 'error',
      from: { path: '^server/src/checkpoint/' },
      to: { path: '^(server/src/(?!checkpoint/)|client|webview|protocol)' },
    },
    {
      name: 'tensor-knows-nobody',
      severity: 'error',
      from: { path: '^server/src/tensor/' },
      to: { path: '^(server/src/(?!tensor/)|client|webview|protocol)' },
    },
    {
      name: 'protocol-knows-nobody',
      severity: 'error',
      from: { path: '^protocol/' },
      to: { path: '^(server|client|webview)/' },
    },
    {
      name: 'client-imports-protocol-alone',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^(server|webview)/' },
    },
    {
      name: 'webview-imports-protocol-alone',
      severity: 'error',
      from: { path: '^webview/' },
      to: { path: '^(server|client)/' },
    },
    {
      name: 'only-client-knows-vscode',
      severity: 'error',
      from: { path: '^(server|webview|protocol)/' },
      to: { path: '^vscode$|vscode-languageclient' },
    },
    {
      name: 'only-lsp-knows-the-language-server-protocol',
      severity: 'error',
      from: { path: '^server/src/(?!lsp/|main\\.ts)' },
      to: { path: 'vscode-languageserver' },
    },
    {
      name: 'only-tensor-chooses-a-backend',
      severity: 'error',
      from: { path: '^server/src/(?!tensor/)' },
      to: { path: '@tensorflow/tfjs-(backend|node)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
