/** Entry point of the tree's page. */
import { RealClock } from '#common/base/clock.ts';
import './tree.css';
import { connectHost } from './host/host.ts';
import { TreeElement } from './tree/treeElement.ts';

customElements.define('kp-tree', TreeElement);
document.body.append(new TreeElement(connectHost(), new RealClock()));
