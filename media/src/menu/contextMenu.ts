/** A row's menu where no editor shows one: the same commands, by mouse and by keyboard. */
import { html, render } from 'lit';
import { type CommandId, isOffered, rowCommands, type RowTrait } from '#common/protocol/commands.ts';

export interface MenuOptions {
  /** Of the row. */
  readonly kind: string;
  readonly traits: readonly RowTrait[];
  /** Commands without a title are not offered. */
  readonly titles: Readonly<Partial<Record<CommandId, string>>>;
  readonly label: string;
  /** What it is put into. */
  readonly parent: HTMLElement;
  /** Where on the page. */
  readonly x: number;
  readonly y: number;
  run(command: CommandId): void;
  /** The menu is gone, however it went. */
  close(): void;
}

export function openMenu({ kind, traits, titles, label, parent, x, y, run, close }: MenuOptions): void {
  const commands = rowCommands.filter((command) => isOffered(command, { kind, traits }) && titles[command.id] !== undefined);
  if (commands.length === 0) return;
  const menu = document.createElement('div');
  menu.className = 'menu';
  menu.role = 'menu';
  menu.ariaLabel = label;
  const leave = (): void => {
    menu.remove();
    removeEventListener('pointerdown', onOutside, true);
    removeEventListener('blur', leave);
    close();
  };
  const onOutside = (event: Event): void => {
    if (!menu.contains(event.target as Node)) leave();
  };
  const choose = (command: CommandId): void => {
    leave();
    run(command);
  };
  render(
    commands.map(
      ({ id, group }, i) =>
        html`<button
          role="menuitem"
          class=${i > 0 && commands[i - 1]?.group !== group ? 'first-of-group' : ''}
          @click=${() => choose(id)}
        >
          ${titles[id]}
        </button>`,
    ),
    menu,
  );
  menu.addEventListener('keydown', (event) => {
    const items = [...menu.querySelectorAll('button')];
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    if (event.key === 'Escape' || event.key === 'Tab') leave();
    else if (event.key === 'ArrowDown') items[(at + 1) % items.length]?.focus();
    else if (event.key === 'ArrowUp') items.at(at - 1)?.focus();
    else if (event.key === 'Home') items[0]?.focus();
    else if (event.key === 'End') items.at(-1)?.focus();
    else return;
    event.preventDefault();
  });
  parent.append(menu);
  menu.style.left = `${Math.max(0, Math.min(x, innerWidth - menu.offsetWidth - 4))}px`;
  menu.style.top = `${Math.max(0, Math.min(y, innerHeight - menu.offsetHeight - 4))}px`;
  addEventListener('pointerdown', onOutside, true);
  addEventListener('blur', leave);
  menu.querySelector('button')?.focus();
}
