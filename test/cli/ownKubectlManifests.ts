/** One of nearly everything, in a namespace of its own. */
export const ownKubectlManifests = String.raw`apiVersion: v1
kind: Namespace
metadata: {name: rich, labels: {team: a}}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: quota, namespace: rich}
spec: {hard: {pods: "50", requests.cpu: "20", configmaps: "30"}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: limits, namespace: rich}
spec: {limits: [{type: Container, default: {cpu: 500m, memory: 256Mi}, defaultRequest: {cpu: 100m}, max: {cpu: "2"}}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: rich, annotations: {note: hi}}
imagePullSecrets: [{name: regcred}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: rich, labels: {a: b, c: d}, annotations: {long: "a long annotation text that goes past the limit of one hundred and forty characters so that it is cut or put on a new line by those who print it", short: x}}
data: {greeting: hello, file.txt: "line 1\nline 2\n"}
binaryData: {bin: AAEC}
---
apiVersion: v1
kind: Secret
metadata: {name: cred, namespace: rich}
stringData: {user: me, password: secret}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: rich}
spec:
  serviceName: db
  replicas: 2
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
      - name: db
        image: redis:7
        ports: [{containerPort: 6379, name: redis}]
        resources: {requests: {cpu: 50m, memory: 64Mi}, limits: {cpu: 100m, memory: 128Mi}}
        volumeMounts: [{name: data, mountPath: /data}]
  volumeClaimTemplates:
  - metadata: {name: data, labels: {x: "yes"}}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: rich, labels: {app: agent}}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      containers:
      - name: agent
        image: busybox:1.36
        command: [sh, -c, "while true; do sleep 100; done"]
        volumeMounts: [{name: logs, mountPath: /var/log, readOnly: true}]
      volumes: [{name: logs, hostPath: {path: /var/log, type: ""}}]
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: tick, namespace: rich}
spec:
  schedule: "*/5 * * * *"
  jobTemplate: {spec: {template: {spec: {restartPolicy: OnFailure, containers: [{name: tick, image: "busybox:1.36", command: [echo, hi], args: ["a", "b"]}]}}}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: once, namespace: rich}
spec: {backoffLimit: 2, activeDeadlineSeconds: 100, completions: 2, parallelism: 2, completionMode: Indexed, template: {spec: {restartPolicy: Never, containers: [{name: once, image: "busybox:1.36", command: [echo, hi]}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: rich, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}, matchExpressions: [{key: tier, operator: NotIn, values: [x, "y2"]}]}
  template:
    metadata: {labels: {app: web}, annotations: {prom: "true"}}
    spec:
      serviceAccountName: robot
      priorityClassName: system-cluster-critical
      nodeSelector: {kubernetes.io/os: linux}
      tolerations: [{key: a, operator: Equal, value: b, effect: NoSchedule}, {key: z, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]
      topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}]
      initContainers: [{name: init, image: "busybox:1.36", command: ["sh", "-c", "echo init"]}]
      containers:
      - name: web
        image: nginx:1.27
        ports: [{containerPort: 80, name: http}, {containerPort: 443}]
        env:
        - {name: PLAIN, value: "x y"}
        - {name: EMPTY}
        - {name: FROMMAP, valueFrom: {configMapKeyRef: {name: settings, key: greeting}}}
        - {name: FROMSECRET, valueFrom: {secretKeyRef: {name: cred, key: user, optional: true}}}
        - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
        - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
        envFrom: [{configMapRef: {name: settings}}, {prefix: S_, secretRef: {name: cred, optional: true}}]
        livenessProbe: {httpGet: {path: /, port: http, httpHeaders: [{name: a, value: b}]}, initialDelaySeconds: 3}
        readinessProbe: {tcpSocket: {port: 80}}
        startupProbe: {exec: {command: [cat, /etc/hostname]}}
        resources: {requests: {cpu: 100m, memory: 32Mi}, limits: {memory: 64Mi}}
        volumeMounts: [{name: cfg, mountPath: /cfg, readOnly: true}, {name: sec, mountPath: /sec, subPath: user}, {name: tmp, mountPath: /tmp2}, {name: proj, mountPath: /proj}, {name: down, mountPath: /down}]
      volumes:
      - {name: cfg, configMap: {name: settings}}
      - {name: sec, secret: {secretName: cred}}
      - {name: tmp, emptyDir: {sizeLimit: 1Gi}}
      - {name: proj, projected: {sources: [{configMap: {name: settings}}, {secret: {name: cred}}, {downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}, {serviceAccountToken: {path: token, expirationSeconds: 3600}}]}}
      - {name: down, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: rich}
spec: {type: NodePort, selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}, {name: https, port: 443}], sessionAffinity: ClientIP}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: rich, labels: {app: db}}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 6379}]}
---
apiVersion: v1
kind: Service
metadata: {name: ext, namespace: rich}
spec: {type: ExternalName, externalName: example.com}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ing, namespace: rich, annotations: {a/b: c}}
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: web, port: {number: 80}}}
  tls: [{hosts: [a.example, b.example], secretName: tls}]
  rules: [{host: a.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}, {path: /db, pathType: Exact, backend: {service: {name: none, port: {number: 1}}}}]}}, {http: {paths: [{path: /x, pathType: Prefix, backend: {service: {name: db, port: {number: 6379}}}}]}}]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: claim, namespace: rich}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 2Gi}}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: vol, labels: {d: e}}
spec: {capacity: {storage: 5Gi}, accessModes: [ReadWriteOnce, ReadOnlyMany], hostPath: {path: /x}, storageClassName: manual, nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [node-1]}]}]}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: hpa, namespace: rich}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 5
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}, {type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 100Mi}}}]
  behavior: {scaleDown: {stabilizationWindowSeconds: 30, policies: [{type: Pods, value: 1, periodSeconds: 15}]}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: pdb, namespace: rich}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: rich}
rules: [{apiGroups: ["", apps], resources: [pods, deployments], verbs: [get, list]}, {apiGroups: [""], resources: [secrets], resourceNames: [a, b], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: readers, namespace: rich}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: robot, namespace: rich}, {kind: User, name: jane, apiGroup: rbac.authorization.k8s.io}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: np, namespace: rich}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {matchLabels: {a: b}}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{port: 80, protocol: TCP}]}]}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: crontabs.stable.example.com}
spec:
  group: stable.example.com
  scope: Namespaced
  names: {plural: crontabs, singular: crontab, kind: CronTab, shortNames: [ct]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}}
    additionalPrinterColumns: [{name: Spec, type: string, jsonPath: .spec.cronSpec}]
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, description: What it does., properties: {cronSpec: {type: string}, image: {type: string}, replicas: {type: integer}, list: {type: array, items: {type: string}}, nested: {type: object, properties: {someURL: {type: string}, deep: {type: array, items: {type: object, properties: {a: {type: string}, b: {type: integer}}}}}}}}}}}
`;
