/** Entry point of the dashboard's page in an ordinary browser. */
import { RealClock } from '#common/base/clock.ts';
import '../../icons/kube-playground.svg';
import '../browserTheme.css';
import '../tree/tree.css';
import '../tree/rows.css';
import '../tree/rowStates.css';
import './menu.css';
import './dashboard.css';
import { browserHost } from '../host/browserHost.ts';
import { TreeElement } from '../tree/treeElement.ts';
import { Shell } from './shell.ts';

// The style sheets ask for what an editor says of itself.
const contrast = matchMedia('(prefers-contrast: more)');
const showContrast = (): void => void document.body.classList.toggle('vscode-high-contrast', contrast.matches);
contrast.addEventListener('change', showContrast);
showContrast();

customElements.define('kp-tree', TreeElement);
const clock = new RealClock();
const shell: Shell = new Shell(
  clock,
  () => tree,
  (id, value) => host.answer(id, value),
);
const host = browserHost(clock, (message) => shell.receive(message));
const tree = new TreeElement({ ...host, menuTitles: () => shell.titles }, clock);
document.body.append(tree);
shell.appendTo(document.body);
