/** The words of the dashboard in a browser, besides those of the tree and of the details. In English; see dashboard/src/web/languages.ts. */
export const browserTexts = {
  // Instead of the editor's: here nobody restarts a cluster.
  lost: 'The connection is lost; it is tried again…',
  hint: 'Double-click an object in the tree, or press Enter on it, to see its details here.',
  details: 'Details',
  close: 'Close',
  cancel: 'Cancel',
  delete: 'Delete',
  deleteTitle: 'Delete {0}?',
  deleted: '{0} is being deleted',
  takesNamespace: 'Everything in the namespace goes with it.',
  takesPods: 'Its pods go with it.',
  takesJobs: 'Its jobs and their pods go with it.',
  scale: 'Scale',
  scaleTitle: 'Scale {0}',
  replicas: 'How many replicas?',
  scaled: '{0} scaled from {1} to {2}',
  copied: '{0} copied',
  gone: 'This object is gone.',
  notAdmitted: 'Open the address that "kube-playground dashboard" printed. It works once; start the command again for another.',
} as const;

export type BrowserTexts = Readonly<Record<keyof typeof browserTexts, string>>;
