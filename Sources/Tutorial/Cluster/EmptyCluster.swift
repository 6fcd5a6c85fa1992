/// What every cluster has before anything is installed, as far as tutorials show it.
enum EmptyCluster {
    static let file = "a new cluster"

    static let manifest = """
        apiVersion: v1
        kind: Namespace
        metadata:
          name: default
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: kubernetes
          namespace: default
        spec:
          clusterIP: 10.96.0.1
          ports:
          - {name: https, port: 443, targetPort: 6443}
        ---
        apiVersion: v1
        kind: Node
        metadata:
          name: node-1
        status:
          addresses:
          - {type: InternalIP, address: 192.0.2.11}

        """
}
