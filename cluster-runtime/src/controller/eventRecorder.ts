/** How components tell people what they did: Event objects, with repeats counted. Implemented in recordEvents.ts. */
import type { KubeObject } from '#common/api/meta.ts';

export interface EventRecorder {
  /** `about` needs apiVersion and kind, which every object read from the cache has. Returns at once; failures are logged. */
  event(about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void;
  /** The same recorder under another source: component and, for kubelets, host. */
  as(component: string, host?: string): EventRecorder;
}
