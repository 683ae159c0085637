/**
 * When something happens in a page, by the page's own clock: what the messages to and from the browser take is not in it.
 * Times are milliseconds since 1970 with fractions, so that those of several frames and of other processes compare.
 */
import type { Frame } from 'playwright-core';

/** The page's code is text, since nothing else here knows a document. */
const script = (body: string): string => `(() => { const now = () => performance.timeOrigin + performance.now(); ${body} })()`;

/** Arms for the next event of that type, of a certain key where one is given; call what it returns for its time. */
export async function nextEvent(frame: Frame, type: string, key?: string): Promise<() => Promise<number>> {
  const name = `kpEvent${type}`;
  await frame.evaluate(
    script(`window.${name} = new Promise((resolve) => {
      const stop = new AbortController();
      addEventListener(${JSON.stringify(type)}, (event) => {
        if (event.key !== ${JSON.stringify(key)}) return;
        stop.abort();
        resolve(performance.timeOrigin + event.timeStamp);
      }, { capture: true, signal: stop.signal });
    });`),
  );
  return () => frame.evaluate<number>(`window.${name}`);
}

/** Arms for the moment at which an element that the selector finds has text of this pattern. */
export async function nextText(frame: Frame, selector: string, pattern: RegExp): Promise<() => Promise<number>> {
  const name = `kpText${selector.replace(/\W/g, '')}`;
  await frame.evaluate(
    script(`window.${name} = new Promise((resolve) => {
      const isThere = () => [...document.querySelectorAll(${JSON.stringify(selector)})].some(({ textContent }) => ${pattern}.test(textContent));
      const observer = new MutationObserver(() => {
        if (!isThere()) return;
        observer.disconnect();
        resolve(now());
      });
      if (isThere()) resolve(now());
      else observer.observe(document, { subtree: true, childList: true, characterData: true });
    });`),
  );
  return () => frame.evaluate<number>(`window.${name}`);
}
