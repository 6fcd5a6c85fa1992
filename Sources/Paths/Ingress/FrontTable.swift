import Documents
import MeshModel

/// The third-party load balancers of a mesh, by the addresses and hosts that lead to them.
struct FrontTable: Sendable {
    enum Vendor: String, Sendable { case alb, gke, nginx, emissary }

    private(set) var fronts: [any IngressFront] = []
    private var byAddress: [String: Int] = [:]
    private var byHost: [String: Int] = [:]
    /// Controllers in the cluster by cluster, vendor and class.
    private var controllers: [String: Int] = [:]

    init(_ context: FrontContext) {
        let mesh = context.mesh
        var groups: [String: (vendor: Vendor, name: String, ingresses: [Ingress])] = [:]
        var order: [String] = []
        for ingress in mesh.ingresses {
            guard !mesh.isProcessed(ingress), let (vendor, className) = Self.vendor(of: ingress, in: mesh) else {
                continue
            }
            let cluster = ingress.meta.cluster
            let key: String =
                switch vendor {
                case .alb:
                    "alb|\(cluster)|"
                        + (ingress.meta.annotations[ALBFront.prefix + "group.name"].map { "group \($0)" }
                            ?? ingress.namespacedName.description)
                case .gke: "gke|\(cluster)|\(ingress.namespacedName)"
                case .nginx, .emissary: Self.controllerKey(vendor, className, cluster)
                }
            if groups[key] == nil {
                order.append(key)
                groups[key] = (vendor, className, [])
            }
            groups[key]?.ingresses.append(ingress)
        }
        for resource in context.manifests.all("Mapping") where resource.apiVersion.hasPrefix("getambassador.io/") {
            let key = Self.controllerKey(.emissary, "", resource.meta.cluster)
            if groups[key] == nil {
                order.append(key)
                groups[key] = (.emissary, "", [])
            }
        }

        for key in order {
            guard let group = groups[key] else { continue }
            let cluster =
                key.split(separator: "|", omittingEmptySubsequences: false).dropFirst().first.map(String.init) ?? ""
            switch group.vendor {
            case .alb: fronts.append(ALBFront(group.ingresses, context: context))
            case .gke:
                guard let only = group.ingresses.first else { continue }
                fronts.append(GKEFront(ingress: only, context: context))
            case .nginx:
                fronts.append(
                    NginxFront(className: group.name, cluster: cluster, ingresses: group.ingresses, context: context))
            case .emissary:
                fronts.append(EmissaryFront(cluster: cluster, ingresses: group.ingresses, context: context))
            }
            let index = fronts.count - 1
            if group.vendor == .nginx || group.vendor == .emissary { controllers[key] = index }
            for ingress in group.ingresses { add(ingress, index) }
        }
    }

    private mutating func add(_ ingress: Ingress, _ index: Int) {
        for entry in ingress.loadBalancerIngress {
            for address in [entry.ip, entry.hostname] {
                if let address, !address.isEmpty, byAddress[address] == nil { byAddress[address] = index }
            }
        }
        for name in (ingress.meta.annotations["external-dns.alpha.kubernetes.io/hostname"] ?? "").split(separator: ",")
        {
            byAddress[name.trimmingBlanks.lowercased()] = byAddress[name.trimmingBlanks.lowercased()] ?? index
        }
        for host in ingress.rules.map(\.host) where !host.isEmpty && !host.hasPrefix("*") {
            byHost[host.lowercased()] = byHost[host.lowercased()] ?? index
        }
    }

    private static func controllerKey(_ vendor: Vendor, _ className: String, _ cluster: String) -> String {
        vendor == .emissary ? "emissary|\(cluster)|" : "\(vendor.rawValue)|\(cluster)|\(className)"
    }

    /// The load balancer that has an address or a DNS name.
    func front(at host: String) -> (any IngressFront)? { byAddress[host.lowercased()].map { fronts[$0] } }

    /// The load balancer whose rules name a host: where its DNS name would lead.
    func front(forHost host: String) -> (any IngressFront)? { byHost[host.lowercased()].map { fronts[$0] } }

    /// The load balancers whose rules take a host, with an address of each; `nil` where no status of an Ingress has one.
    func entrances(forHost host: String) -> [(front: any IngressFront, address: String?)] {
        var addresses: [Int: String] = [:]
        for (address, index) in byAddress.sorted(by: { $0.key < $1.key }) where addresses[index] == nil {
            addresses[index] = address
        }
        return fronts.indices.filter { index in
            fronts[index].hosts.contains { PathPattern.matches(host, rule: $0) }
        }.map { (fronts[$0], addresses[$0]) }
    }

    /// The controller that runs in a Pod.
    func front(in pod: Pod) -> (any IngressFront)? {
        guard let vendor = Self.vendor(of: pod) else { return nil }
        let cluster = pod.meta.cluster
        let wanted = pod.spec.containers.flatMap { $0.args + $0.command }.compactMap { argument -> String? in
            for name in ["--ingress-class=", "--ingress-class-by-name="] where argument.hasPrefix(name) {
                return String(argument.dropFirst(name.count))
            }
            return nil
        }.first
        if let found = controllers[Self.controllerKey(vendor, wanted ?? "nginx", cluster)] { return fronts[found] }
        let key = controllers.keys.sorted().first { $0.hasPrefix("\(vendor.rawValue)|\(cluster)|") }
        return key.flatMap { controllers[$0] }.map { fronts[$0] }
    }

    private static func vendor(of pod: Pod) -> Vendor? {
        let images = pod.spec.containers.map(\.image)
        let name = pod.meta.labels["app.kubernetes.io/name"] ?? ""
        if images.contains(where: { $0.contains("ingress-nginx/controller") || $0.contains("nginx-ingress-controller") }
        )
            || name == "ingress-nginx"
        {
            return .nginx
        }
        if images.contains(where: { $0.contains("emissary") || $0.contains("/ambassador:") })
            || name == "emissary-ingress"
        {
            return .emissary
        }
        return nil
    }

    /// Whose Ingress it is; `nil` for Istio's, for controllers that are not known, and for one that nobody takes.
    static func vendor(of ingress: Ingress, in mesh: MeshSnapshot) -> (Vendor, String)? {
        var name = ingress.meta.annotations["kubernetes.io/ingress.class"] ?? ingress.ingressClassName
        let classes = mesh.ingressClasses.filter { $0.meta.cluster == ingress.meta.cluster }
        if name == nil {
            name = classes.first { $0.meta.annotations["ingressclass.kubernetes.io/is-default-class"] == "true" }?.name
        }
        let controller = classes.first { $0.name == name }?.controller
        switch controller {
        case "ingress.k8s.aws/alb": return (.alb, name ?? "alb")
        case "k8s.io/ingress-nginx": return (.nginx, name ?? "nginx")
        case "getambassador.io/ingress-controller": return (.emissary, name ?? "ambassador")
        default: break
        }
        switch name {
        case "alb": return (.alb, "alb")
        case "gce", "gce-internal": return (.gke, name ?? "gce")
        case "nginx": return (.nginx, "nginx")
        case "ambassador": return (.emissary, "ambassador")
        default: break
        }
        let keys = ingress.meta.annotations.keys
        if keys.contains(where: { $0.hasPrefix(ALBFront.prefix) }) { return (.alb, name ?? "alb") }
        if name != nil, keys.contains(where: { $0.hasPrefix(NginxFront.prefix) }) { return (.nginx, name ?? "nginx") }
        // GKE's controller also takes what has no class.
        let google = [
            "networking.gke.io/", "ingress.gcp.kubernetes.io/", "kubernetes.io/ingress.global-static-ip-name",
        ]
        if name == nil, keys.contains(where: { key in google.contains { key.hasPrefix($0) } }) { return (.gke, "gce") }
        return nil
    }
}
