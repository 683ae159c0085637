/** `cd` and `pwd`. */
import { resolvePath } from '../../files/path.ts';
import type { Builtin } from './allBuiltins.ts';

export const cd: Builtin = async (shell, args) => {
  const [given] = args.filter((arg) => arg !== '-P' && arg !== '-L' && arg !== '--');
  const wanted =
    given === undefined
      ? (shell.variables.get('HOME') ?? '/')
      : given === '-'
        ? (shell.variables.get('OLDPWD') ?? shell.cwd)
        : given;
  const path = resolvePath(shell.cwd, wanted);
  const { files } = shell.process.container;
  if (!files.isFolder(path)) {
    const reason = files.exists(path) ? 'Not a directory' : 'No such file or directory';
    if (shell.flavour === 'ash') await shell.complain(`cd: can't cd to ${wanted}: ${reason}`);
    else if (shell.flavour === 'dash') await shell.complain(`cd: can't cd to ${wanted}`);
    else await shell.complain(`cd: ${wanted}: ${reason}`);
    return shell.flavour === 'dash' ? 2 : 1;
  }
  shell.variables.set('OLDPWD', shell.cwd, true);
  shell.variables.set('PWD', path, true);
  shell.cwd = path;
  if (given === '-') await shell.out(`${path}\n`);
  return 0;
};

export const pwd: Builtin = async (shell, args) => {
  await shell.out(`${args.includes('-P') ? shell.process.container.files.realPath(shell.cwd) : shell.cwd}\n`);
  return 0;
};
