/** As whom the extension writes, whatever it writes. */
export const fieldManager = 'kube-playground';
