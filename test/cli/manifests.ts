/** Small manifests for the command's suites. Node ports are of the part of the range that nobody is given by chance. */
export const configMap = (name: string): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
  greeting: hello
`;

export const web = (nodePort: number): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: nginx:1.27
          ports:
            - containerPort: 80
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  selector:
    app: web
  ports:
    - name: http
      port: 80
      nodePort: ${nodePort}
---
apiVersion: v1
kind: Service
metadata:
  name: inside
spec:
  selector:
    app: web
  ports:
    - port: 80
`;
