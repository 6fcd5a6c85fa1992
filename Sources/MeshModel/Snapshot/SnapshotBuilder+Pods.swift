import Documents

extension SnapshotBuilder {
    /// Gives each Pod the workload that it belongs to: its owner, or the Deployment above its ReplicaSet.
    mutating func nameWorkloadsOfPods() {
        var workloads: [Workload.Kind: [NamespacedName: Int]] = [:]
        for (position, workload) in snapshot.workloads.enumerated() {
            workloads[workload.kind, default: [:]][workload.namespacedName] = position
        }
        for position in snapshot.pods.indices where snapshot.pods[position].workload == nil {
            let pod = snapshot.pods[position]
            guard let owner = pod.meta.ownerReferences.first(where: \.isController) ?? pod.meta.ownerReferences.first,
                let kind = Workload.Kind(rawValue: owner.kind)
            else { continue }
            var name = NamespacedName(namespace: pod.namespace, name: owner.name)
            var workload = workloads[kind]?[name].map { snapshot.workloads[$0] }
            if kind == .replicaSet {
                let deployment =
                    workload?.meta.ownerReferences.first { $0.kind == "Deployment" }?.name
                    ?? pod.meta.labels["pod-template-hash"].flatMap { hash in
                        owner.name.hasSuffix("-\(hash)") ? String(owner.name.dropLast(hash.count + 1)) : nil
                    }
                if let deployment {
                    name = NamespacedName(namespace: pod.namespace, name: deployment)
                    workload = workloads[.deployment]?[name].map { snapshot.workloads[$0] }
                    snapshot.pods[position].workload =
                        workload?.sourceReference
                        ?? .init(kind: "Deployment", namespace: name.namespace, name: name.name, location: nil)
                    continue
                }
            }
            snapshot.pods[position].workload =
                workload?.sourceReference
                ?? .init(kind: owner.kind, namespace: name.namespace, name: name.name, location: nil)
        }
    }

    /// Makes the Pods of workloads that have none in the manifests, and addresses of Pods that were never run.
    mutating func addStandInPods() {
        var addresses = AddressPool(base: addressBase, bits: 14, inUse: podAddresses)
        for position in snapshot.pods.indices {
            snapshot.pods[position] = asInjected(snapshot.pods[position])
            let pod = snapshot.pods[position]
            // A Pod with a status and no address is really waiting for one.
            guard pod.ips.isEmpty, pod.phase == nil else { continue }
            guard let ip = addresses.address(for: "pod/\(pod.namespacedName)") else { return }
            snapshot.pods[position].ips = [ip]
            snapshot.pods[position].isAddressStandIn = true
            if !pod.spec.hostNetwork { snapshot.index.podsByIP[ip] = position }
        }
        let owned = Set(
            snapshot.pods.lazy.flatMap { pod in
                pod.meta.ownerReferences.map { "\($0.kind)/\(pod.namespace)/\($0.name)" }
            })
        let named = Set(
            snapshot.pods.lazy.compactMap { $0.workload.map { "\($0.kind)/\($0.namespace)/\($0.name)" } })
        for workload in snapshot.workloads {
            let id = "\(workload.kind.rawValue)/\(workload.namespace)/\(workload.name)"
            let isOwned = workload.meta.ownerReferences.contains { Workload.Kind(rawValue: $0.kind) != nil }
            guard !owned.contains(id), !named.contains(id), !(workload.kind == .replicaSet && isOwned),
                !hasPods(workload)
            else { continue }
            for pod in workload.standInPods(addresses: &addresses) { add(asInjected(pod)) }
        }
    }

    /// All addresses of Pods.
    var podAddresses: [String] { snapshot.pods.indices.flatMap { snapshot.pods[$0].ips } }

    /// Whether Pods without an owner carry the labels that the workload selects by.
    private func hasPods(_ workload: Workload) -> Bool {
        let labels = workload.selector?.matchLabels ?? workload.templateLabels
        return snapshot.podPositions(inNamespace: workload.namespace, selectedBy: labels).contains {
            let pod = snapshot.pods[$0]
            return !pod.isStandIn && pod.meta.ownerReferences.isEmpty
                && workload.selector?.selects(pod.meta.labels) ?? true
        }
    }

    /// A Pod that has a sidecar in the cluster carries the label that the injector gives it: its clients speak mTLS with it.
    private func asInjected(_ pod: Pod) -> Pod {
        guard pod.meta.labels["security.istio.io/tlsMode"] == nil, snapshot.hasSidecar(pod), !pod.isGateway else {
            return pod
        }
        var pod = pod
        pod.meta.labels["security.istio.io/tlsMode"] = "istio"
        pod.isSidecarAssumed = true
        return pod
    }

    mutating func add(_ pod: Pod) {
        snapshot.pods.append(pod)
        snapshot.indexPod(at: snapshot.pods.count - 1)
    }
}

extension Workload {
    /// As many as `replicas` says (a DaemonSet: one), at most 1000, named as Kubernetes names them.
    func standInPods(addresses: inout AddressPool) -> [Pod] {
        let count = kind == .daemonSet ? 1 : min(max(replicas ?? 1, 0), 1000)
        let id = "\(kind.rawValue)/\(meta.namespace)/\(meta.name)"
        let templateHash = stableSuffix(id, length: 10)
        var pods: [Pod] = []
        for replica in 0..<count {
            let name =
                switch kind {
                case .deployment: "\(meta.name)-\(templateHash)-\(stableSuffix("\(id)/\(replica)", length: 5))"
                case .statefulSet: "\(meta.name)-\(replica)"
                case .daemonSet, .replicaSet: "\(meta.name)-\(stableSuffix("\(id)/\(replica)", length: 5))"
                }
            guard let ip = addresses.address(for: "pod/\(meta.namespace)/\(name)") else { break }
            var podMeta = ObjectMeta(name: name, namespace: meta.namespace, apiVersion: "v1", location: meta.location)
            podMeta.labels = templateLabels
            podMeta.annotations = templateAnnotations
            podMeta.creationTime = meta.creationTime
            podMeta.cluster = meta.cluster
            switch kind {
            case .deployment: podMeta.labels["pod-template-hash"] = templateHash
            case .statefulSet:
                podMeta.labels["statefulset.kubernetes.io/pod-name"] = name
                podMeta.labels["apps.kubernetes.io/pod-index"] = String(replica)
            case .daemonSet, .replicaSet: break
            }
            var pod = Pod(meta: podMeta)
            pod.spec = template
            pod.phase = .running
            pod.isReady = true
            pod.ips = [ip]
            pod.isStandIn = true
            pod.isAddressStandIn = true
            pod.workload = sourceReference
            pods.append(pod)
        }
        return pods
    }
}
