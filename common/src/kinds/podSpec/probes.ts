/** Probes and lifecycle hooks: timings, and the one handler that each must have. */
import { forbidden, invalid, notSupported, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { httpHeaderNameErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { addProblems, checkNotNegative, checkPort, type Errors, isPortNumber, portProblem } from './fieldRules.ts';

type Handler = Pick<api.Probe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'> & Pick<api.LifecycleHandler, 'sleep'>;

const schemes = ['HTTP', 'HTTPS'];

export function validateLivenessProbe(probe: api.Probe, path: FieldPath, errors: Errors): void {
  validateProbe(probe, path, errors);
  checkGracePeriod(probe, path, errors);
  checkSingleSuccess(probe, path, errors);
}

export function validateReadinessProbe(probe: api.Probe, path: FieldPath, errors: Errors): void {
  validateProbe(probe, path, errors);
  if (probe.terminationGracePeriodSeconds == null) return;
  const text = 'must not be set for readinessProbes';
  errors.push(invalid(path.child('terminationGracePeriodSeconds'), probe.terminationGracePeriodSeconds, text));
}

export function validateStartupProbe(probe: api.Probe, path: FieldPath, errors: Errors): void {
  validateProbe(probe, path, errors);
  checkGracePeriod(probe, path, errors);
  checkSingleSuccess(probe, path, errors);
}

function validateProbe(probe: api.Probe, path: FieldPath, errors: Errors): void {
  validateHandler(probe, path, errors);
  checkNotNegative(probe.initialDelaySeconds, path, 'initialDelaySeconds', errors);
  checkNotNegative(probe.timeoutSeconds, path, 'timeoutSeconds', errors);
  checkNotNegative(probe.periodSeconds, path, 'periodSeconds', errors);
  checkNotNegative(probe.successThreshold, path, 'successThreshold', errors);
  checkNotNegative(probe.failureThreshold, path, 'failureThreshold', errors);
}

function checkGracePeriod(probe: api.Probe, path: FieldPath, errors: Errors): void {
  const seconds = probe.terminationGracePeriodSeconds;
  if (seconds == null || seconds > 0) return;
  errors.push(invalid(path.child('terminationGracePeriodSeconds'), seconds, 'must be greater than 0'));
}

function checkSingleSuccess(probe: api.Probe, path: FieldPath, errors: Errors): void {
  if (probe.successThreshold !== 1)
    errors.push(invalid(path.child('successThreshold'), probe.successThreshold ?? 0, 'must be 1'));
}

export function validateLifecycle(lifecycle: api.Lifecycle, gracePeriod: number, path: FieldPath, errors: Errors): void {
  if (lifecycle.postStart) validateHandler(lifecycle.postStart, path.child('postStart'), errors, gracePeriod);
  if (lifecycle.preStop) validateHandler(lifecycle.preStop, path.child('preStop'), errors, gracePeriod);
}

function validateHandler(handler: Handler, path: FieldPath, errors: Errors, gracePeriod = 0): void {
  let handlers = 0;
  /** The first handler is validated, each further one is one too many. */
  const isFirst = (field: string): boolean => {
    if (handlers++ === 0) return true;
    errors.push(forbidden(path.child(field), 'may not specify more than 1 handler type'));
    return false;
  };
  if (handler.exec && isFirst('exec') && !handler.exec.command?.length) errors.push(required(path.child('exec', 'command')));
  if (handler.httpGet && isFirst('httpGet')) validateHttpGet(handler.httpGet, path, errors);
  if (handler.tcpSocket && isFirst('tcpSocket')) checkPort(handler.tcpSocket.port, path.child('tcpSocket'), 'port', errors);
  if (handler.grpc && isFirst('grpc') && !isPortNumber(handler.grpc.port ?? 0)) {
    errors.push(invalid(path.child('grpc', 'port'), handler.grpc.port ?? 0, portProblem));
  }
  if (handler.sleep && isFirst('sleep')) {
    const seconds = handler.sleep.seconds ?? 0;
    if (seconds < 0 || seconds > gracePeriod) {
      const text = `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`;
      errors.push(invalid(path.child('sleep'), seconds, text));
    }
  }
  if (!handlers) errors.push(required(path, 'must specify a handler type'));
}

function validateHttpGet(action: api.HTTPGetAction, parent: FieldPath, errors: Errors): void {
  const { port, scheme = '', httpHeaders } = action;
  if (!action.path) errors.push(required(parent.child('httpGet', 'path')));
  // Nothing is built for the ordinary case.
  if (typeof port === 'string' || !isPortNumber(port ?? 0)) checkPort(port, parent.child('httpGet'), 'port', errors);
  if (!schemes.includes(scheme)) errors.push(notSupported(parent.child('httpGet', 'scheme'), scheme, schemes));
  if (!httpHeaders) return;
  for (const header of httpHeaders) {
    const problems = httpHeaderNameErrors(header.name ?? '');
    if (problems.length) addProblems(header.name ?? '', problems, parent.child('httpGet', 'httpHeaders'), errors);
  }
}
