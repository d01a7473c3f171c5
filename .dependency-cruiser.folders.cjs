// Folders form no cycle either: what a folder is for can be told without those above it. Tests may reach anywhere.
const { options } = require('./.dependency-cruiser.cjs');

module.exports = {
  forbidden: [
    {
      name: 'no-cycle-of-folders',
      severity: 'error',
      comment: 'cycles of folders hide which part depends on which',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    ...options,
    exclude: {
      path: ['\\.(test|contract|browser)\\.ts$', '/testing/', '^hal/contract/', 'node_modules'],
    },
  },
};
