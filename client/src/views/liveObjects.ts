/**
 * Objects of the cluster as files that can be edited: saving one updates the object, as long as nobody was faster. What the
 * API says against it stands at the field that it named.
 */
import * as vscode from 'vscode';
import type { KubeObject } from '#common/api/meta.ts';
import { ApiError, hasReason } from '#common/api/status.ts';
import type { Clock } from '#common/base/clock.ts';
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import { withQuery } from '#apiClient/apiPath.ts';
import { fieldManager } from '../apply/fieldManager.ts';
import { parseManifests } from '../apply/manifestDocuments.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import type { ShownCluster } from '../cluster/shownCluster.ts';

export const liveScheme = 'kube-playground-live';

/** How often the status may be written in between. */
const mostAttempts = 5;

/** The authority tells the clusters apart, the query is the object's path in the API. */
const uriOf = ({ kind, namespace, name }: ObjectLocator, path: string, context: string | undefined): vscode.Uri =>
  vscode.Uri.from({
    scheme: liveScheme,
    authority: context === undefined ? 'playground' : `context-${encodeURIComponent(context)}`,
    path: `/${[namespace, kind.toLowerCase(), `${name}.live.yaml`].filter((part) => part).join('/')}`,
    query: path,
  });

interface Read {
  readonly object: KubeObject;
  readonly text: Uint8Array;
  readonly time: number;
}

export class LiveObjects implements vscode.FileSystemProvider, Disposable {
  readonly #cluster: ShownCluster;
  readonly #clock: Clock;
  readonly #disposables = new DisposableStore();
  readonly #onDidChangeFile = this.#disposables.add(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  readonly #problems = this.#disposables.add(vscode.languages.createDiagnosticCollection('kube-playground-live'));
  /** What the editor has, by address. */
  readonly #read = new Map<string, Read>();

  readonly onDidChangeFile = this.#onDidChangeFile.event;

  constructor(cluster: ShownCluster, clock: Clock) {
    this.#cluster = cluster;
    this.#clock = clock;
    this.#disposables.add(vscode.workspace.registerFileSystemProvider(liveScheme, this, { isCaseSensitive: true }));
    this.#disposables.add(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme !== liveScheme) return;
        this.#read.delete(uri.toString());
        this.#problems.delete(uri);
      }),
    );
  }

  async open(connection: Connection, target: ObjectLocator, path: string): Promise<void> {
    const uri = uriOf(target, path, connection.context);
    const document = await vscode.workspace.openTextDocument(uri);
    // It may have been open for long.
    if (!document.isDirty) await this.#reload(uri);
    await vscode.window.showTextDocument(document);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { text, time } = this.#read.get(uri.toString()) ?? (await this.#fetch(uri));
    const permissions = this.#cluster.access === 'readOnly' ? { permissions: vscode.FilePermission.Readonly } : {};
    return { type: vscode.FileType.File, ctime: time, mtime: time, size: text.length, ...permissions };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (this.#read.get(uri.toString()) ?? (await this.#fetch(uri))).text;
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    if (this.#cluster.access === 'readOnly') throw vscode.FileSystemError.NoPermissions(uri);
    const text = new TextDecoder().decode(content);
    const { documents, problems } = await parseManifests(text);
    const [document] = documents;
    if (!document || documents.length > 1 || problems.length > 0) {
      throw new Error(problems[0]?.message || vscode.l10n.t('This must be one Kubernetes object.'));
    }
    this.#problems.delete(uri);
    // What is not shown is not to be lost: kinds without a status of its own have it in the same write.
    const { status } = (this.#read.get(uri.toString())?.object ?? {}) as { status?: unknown };
    const body = { ...(status === undefined ? {} : { status }), ...document.object };
    try {
      await this.#keep(uri, await this.#put(uri, body));
    } catch (error) {
      if (hasReason(error, 'Conflict') && document.object.metadata.resourceVersion) {
        if (!(await this.#overwrite(uri, body)))
          throw new Error(vscode.l10n.t('Somebody else has changed the object meanwhile.'));
      } else {
        if (error instanceof ApiError) await this.#tell(uri, text, error);
        throw error;
      }
    }
    this.#onDidChangeFile.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  /** Nothing is watched: a page that is being edited does not change under the hand. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #connectionOf(uri: vscode.Uri): Connection {
    const { connection } = this.#cluster;
    const authority = connection?.context === undefined ? 'playground' : `context-${encodeURIComponent(connection.context)}`;
    // Never is an object of one cluster written to another.
    if (!connection || uri.authority.toLowerCase() !== authority.toLowerCase()) throw vscode.FileSystemError.Unavailable(uri);
    return connection;
  }

  async #fetch(uri: vscode.Uri): Promise<Read> {
    try {
      return await this.#keep(uri, await this.#connectionOf(uri).api.get<KubeObject>(uri.query));
    } catch (error) {
      if (hasReason(error, 'NotFound')) throw vscode.FileSystemError.FileNotFound(uri);
      throw error;
    }
  }

  async #keep(uri: vscode.Uri, object: KubeObject): Promise<Read> {
    const [{ stringify }, { editableObject }] = await Promise.all([import('yaml'), import('../plans/neatObject.ts')]);
    const text = new TextEncoder().encode(stringify(editableObject(object), { lineWidth: 0 }));
    const before = this.#read.get(uri.toString())?.time ?? 0;
    // The editor takes a text for new only when it is younger.
    const read = { object, text, time: Math.max(this.#clock.now(), before + 1) };
    this.#read.set(uri.toString(), read);
    return read;
  }

  async #reload(uri: vscode.Uri): Promise<void> {
    await this.#fetch(uri);
    this.#onDidChangeFile.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  /** Controllers write the status all the time, which is no reason to ask anybody. */
  async #put(uri: vscode.Uri, body: KubeObject): Promise<KubeObject> {
    const { api } = this.#connectionOf(uri);
    const before = this.#read.get(uri.toString())?.object;
    let next = body;
    for (let attempt = 1; ; attempt++) {
      try {
        return (await api.send<KubeObject>('PUT', withQuery(uri.query, { fieldManager }), next)).object;
      } catch (error) {
        if (!hasReason(error, 'Conflict') || !before || !body.metadata.resourceVersion || attempt === mostAttempts) throw error;
        const now = await api.get<KubeObject & { status?: unknown }>(uri.query);
        const { differsInStatusAlone } = await import('../plans/neatObject.ts');
        if (!differsInStatusAlone(before, now)) throw error;
        const { resourceVersion } = now.metadata;
        const metadata = { ...body.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
        next = { ...body, metadata, ...(now.status === undefined ? {} : { status: now.status }) } as KubeObject;
      }
    }
  }

  /** True when a person wants their text to be the object, whatever was changed meanwhile, and it now is. */
  async #overwrite(uri: vscode.Uri, body: KubeObject): Promise<boolean> {
    const overwrite = vscode.l10n.t('Overwrite');
    const message = vscode.l10n.t('Somebody else has changed the object meanwhile.');
    const detail = vscode.l10n.t(
      'Overwriting takes back what they changed. Otherwise close this page and open it again to start from the present object.',
    );
    if ((await vscode.window.showWarningMessage(message, { modal: true, detail }, overwrite)) !== overwrite) return false;
    const { resourceVersion: _resourceVersion, ...metadata } = body.metadata;
    const path = withQuery(uri.query, { fieldManager });
    await this.#keep(uri, (await this.#connectionOf(uri).api.send<KubeObject>('PUT', path, { ...body, metadata })).object);
    return true;
  }

  async #tell(uri: vscode.Uri, text: string, error: ApiError): Promise<void> {
    const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
    const [manifest] = (await parseManifests(text)).documents;
    const { problemsOf } = await import('../apply/applier.ts');
    if (!document || !manifest) return;
    this.#problems.set(
      uri,
      problemsOf(manifest, error).map(({ range, message }) => {
        const place = new vscode.Range(document.positionAt(range.start), document.positionAt(range.end));
        const problem = new vscode.Diagnostic(place, message, vscode.DiagnosticSeverity.Error);
        problem.source = 'kube-playground';
        return problem;
      }),
    );
  }
}
