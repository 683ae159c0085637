/** The only list of commands. */
import { addNode } from './addNode.ts';
import { applyFiles } from './applyFiles.ts';
import type { Command } from './command.ts';
import { copyName } from './copyName.ts';
import { cordon } from './cordon.ts';
import { deleteObject } from './deleteObject.ts';
import { deleteObjects } from './deleteObjects.ts';
import { describe } from './describe.ts';
import { diff } from './diff.ts';
import { drain } from './drain.ts';
import { editLive } from './editLive.ts';
import { explain } from './explain.ts';
import { expose } from './expose.ts';
import { forwardedPorts } from './forwardedPorts.ts';
import { openExample } from './openExample.ts';
import { openInBrowser } from './openInBrowser.ts';
import { openWalkthrough } from './openWalkthrough.ts';
import { pause } from './pause.ts';
import { portForward } from './portForward.ts';
import { restart } from './restart.ts';
import { resume } from './resume.ts';
import { revealInYaml } from './revealInYaml.ts';
import { revertLastApply } from './revertLastApply.ts';
import { rollback } from './rollback.ts';
import { runImage } from './runImage.ts';
import { scale } from './scale.ts';
import { selectCluster } from './selectCluster.ts';
import { shell } from './shell.ts';
import { showLogs } from './showLogs.ts';
import { startCluster } from './startCluster.ts';
import { startNode } from './startNode.ts';
import { stopCluster } from './stopCluster.ts';
import { stopNode } from './stopNode.ts';
import { toggleApplyOnSave } from './toggleApplyOnSave.ts';
import { turnApplyOnSaveOff } from './turnApplyOnSaveOff.ts';
import { turnApplyOnSaveOn } from './turnApplyOnSaveOn.ts';
import { uncordon } from './uncordon.ts';

export const allCommands: readonly Command[] = [
  startCluster,
  stopCluster,
  applyFiles,
  deleteObjects,
  toggleApplyOnSave,
  scale,
  expose,
  showLogs,
  describe,
  copyName,
  revealInYaml,
  deleteObject,
  diff,
  restart,
  rollback,
  pause,
  resume,
  shell,
  portForward,
  forwardedPorts,
  openInBrowser,
  editLive,
  cordon,
  uncordon,
  drain,
  stopNode,
  startNode,
  addNode,
  runImage,
  selectCluster,
  revertLastApply,
  turnApplyOnSaveOn,
  turnApplyOnSaveOff,
  explain,
  openExample,
  openWalkthrough,
];
