/** Entry point of the tree's page in the editor. */
import { RealClock } from '#common/base/clock.ts';
import './tree/tree.css';
import './tree/rows.css';
import './tree/rowStates.css';
import { type EditorApi, editorHost } from './host/editorHost.ts';
import { TreeElement } from './tree/treeElement.ts';

declare const acquireVsCodeApi: () => EditorApi;

customElements.define('kp-tree', TreeElement);
document.body.append(new TreeElement(editorHost(acquireVsCodeApi()), new RealClock()));
