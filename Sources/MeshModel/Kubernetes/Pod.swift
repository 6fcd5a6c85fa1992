package import Documents

/// What a Pod and a workload's template have in common.
package struct PodSpec: Hashable, Sendable {
    package struct ContainerPort: Hashable, Sendable {
        package var name = ""
        package var containerPort = 0
        package var `protocol` = "TCP"

        package init() {}
    }

    package struct EnvironmentVariable: Hashable, Sendable {
        package var name = ""
        /// Empty for what comes from elsewhere (`valueFrom`).
        package var value = ""

        package init() {}
    }

    /// A readiness probe.
    package struct Probe: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable { case http, tcp, grpc, exec }

        package var kind = Kind.exec
        package var path = "/"
        /// `HTTP` or `HTTPS`.
        package var scheme = "HTTP"
        package var port: PortReference?
        package var location: SourceLocation?

        package init() {}
    }

    package struct Container: Hashable, Sendable {
        package var name = ""
        package var image = ""
        package var command: [String] = []
        package var args: [String] = []
        package var ports: [ContainerPort] = []
        package var environment: [EnvironmentVariable] = []
        /// `Always` for restartable init containers.
        package var restartPolicy: String?
        package var readinessProbe: Probe?

        package init() {}
    }

    package var containers: [Container] = []
    package var initContainers: [Container] = []
    package var serviceAccountName = ""
    package var nodeName: String?
    package var hostname: String?
    package var subdomain: String?
    package var hostNetwork = false

    package init() {}

    /// Containers, then restartable init containers: where Istio looks up ports by name.
    package var servingContainers: [Container] {
        containers + initContainers.filter { $0.restartPolicy == "Always" }
    }

    /// The number of a container port with this name and protocol.
    package func port(named name: String, protocol: String) -> Int? {
        for container in servingContainers {
            for port in container.ports where port.name == name && port.protocol == `protocol` {
                return port.containerPort
            }
        }
        return nil
    }
}

/// A Kubernetes Pod.
package struct Pod: MeshObject, Hashable {
    package static let kindName = "Pod"
    package static var list: WritableKeyPath<MeshSnapshot, [Pod]> { \.pods }

    package enum Phase: String, Hashable, Sendable, CaseIterable {
        case pending = "Pending"
        case running = "Running"
        case succeeded = "Succeeded"
        case failed = "Failed"
        case unknown = "Unknown"
    }

    package var meta: ObjectMeta
    package var spec = PodSpec()
    /// `nil` where the manifest has no status.
    package var phase: Phase?
    /// `status.podIP`, then the other `podIPs`.
    package var ips: [String] = []
    package var hostIP: String?
    /// Condition `Ready`; `nil` where the manifest has none.
    package var isReady: Bool?
    /// Made by meshtop for a workload that has no Pods in the manifests.
    package var isStandIn = false
    /// Counts as having a sidecar because the injector would give it one; no manifest shows it.
    package var isSidecarAssumed = false
    /// Whether `ips` was made up by meshtop.
    package var isAddressStandIn = false
    /// The workload that it belongs to (its Deployment rather than its ReplicaSet).
    package var workload: SourceReference?

    package init(meta: ObjectMeta) { self.meta = meta }

    package var isTerminated: Bool { phase == .succeeded || phase == .failed }
}
