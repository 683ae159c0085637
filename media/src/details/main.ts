/** Entry point of the page of an object's details. */
import { RealClock } from '#common/base/clock.ts';
import './details.css';
import './sections.css';
import './texts.css';
import './detailsStates.css';
import { connectDetailsHost } from '../host/detailsHost.ts';
import { DetailsElement } from './detailsElement.ts';
import { LogElement } from './logElement.ts';

customElements.define('kp-log', LogElement);
customElements.define('kp-details', DetailsElement);
const clock = new RealClock();
document.body.append(new DetailsElement(connectDetailsHost(clock), clock));
