export const updateManagedFields = (..._a: any[]): any[] => [];
export const applyPatch = ({ live, patch }: any): any => ({ object: live ? merge(live, patch) : patch });
const merge = (a: any, b: any): any =>
  typeof a === 'object' && typeof b === 'object' && a && b && !Array.isArray(b)
    ? { ...a, ...Object.fromEntries(Object.entries(b).map(([k, v]) => [k, merge(a[k], v)])) }
    : b;
