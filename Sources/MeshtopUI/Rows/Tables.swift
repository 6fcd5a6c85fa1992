import Documents
import EnvoyModel
import TerminalUI

extension ListenerItem {
    static let table = TableView<ListenerItem>(
        "listeners", naturalOrder: "port",
        columns: [
            TableColumn("ADDRESS", min: 9, max: 40) { $0.address },
            TableColumn("PORT", min: 5, number: { Double($0.port) }, text: { String($0.port) }),
            TableColumn("MATCH", min: 8, max: 60, weight: 2) { $0.match },
            TableColumn("DESTINATION", min: 18, max: 70, weight: 3, role: { $0.isTLS ? .tls : .name }) {
                $0.destination
            },
            TableColumn("TLS", min: 5, max: 5, drop: 3, role: { $0.isTLS ? .tls : .textDim }) {
                $0.isTLS ? "TLS" : "plain"
            },
            TableColumn(
                "REQS", min: 6, drop: 2, role: { $0.count ?? 0 > 0 ? .observed : .textDim },
                number: { Double($0.count ?? -1) }, text: { $0.count.map(Words.grouped) ?? "-" }),
            TableColumn("SERVED AT", min: 15, max: 21, drop: 1, role: { _ in .live }) { $0.bound },
            TableColumn("SOURCE", min: 16, max: 44, drop: 4, cutsHead: true, role: { _ in .source }) {
                $0.source.placeText
            },
        ])
}

extension RouteItem {
    static let table = TableView<RouteItem>(
        "routes", naturalOrder: "evaluation order",
        columns: [
            TableColumn("NAME", min: 9, max: 24, drop: 3, role: { _ in .textDim }) { $0.configuration },
            TableColumn("DOMAINS", min: 18, max: 44, weight: 2) { $0.domainsText },
            TableColumn(
                "#", min: 3, drop: 4, role: { _ in .textDim }, number: { Double($0.order) },
                text: { String($0.position + 1) }),
            TableColumn("MATCH", min: 17, max: 60, weight: 3, role: { $0.isHidden ? .removed : .name }) {
                $0.matchText
            },
            TableColumn("DESTINATION", min: 21, max: 60, weight: 3, role: { $0.destinationRole }) {
                $0.destinationText
            },
            TableColumn(
                "HITS", min: 6, drop: 1,
                role: { $0.isHidden ? .removed : $0.hits ?? 0 > 0 ? .observed : .textDim },
                number: { Double($0.hits ?? -1) },
                text: { $0.isHidden ? "never" : $0.hits.map(Words.grouped) ?? "-" }),
            TableColumn("VIRTUAL SERVICE", min: 18, max: 36, drop: 6) { $0.virtualService },
            TableColumn("SOURCE", min: 16, max: 40, drop: 2, cutsHead: true, role: { _ in .source }) {
                $0.source.placeText
            },
        ])

    var destinationRole: Role {
        switch route.action {
        case .route: .text
        case .redirect: .http3xx
        case .directResponse: .info
        case .nonForwarding, .none: .warn
        }
    }
}

extension ClusterItem {
    static let table = TableView<ClusterItem>(
        "clusters", naturalOrder: "order",
        columns: [
            TableColumn("SERVICE FQDN", min: 22, max: 64, weight: 3, role: { _ in .name }) { $0.fqdn },
            TableColumn(
                "PORT", min: 5, number: { Double($0.name.port) },
                text: { $0.name.port > 0 ? String($0.name.port) : "-" }),
            TableColumn("SUBSET", min: 6, max: 20) { $0.name.subset.isEmpty ? "-" : $0.name.subset },
            TableColumn("DIRECTION", min: 8, max: 9, drop: 5, role: { _ in .textDim }) {
                $0.name.direction.isEmpty ? "-" : $0.name.direction
            },
            TableColumn("TYPE", min: 10, max: 12, drop: 3) { $0.cluster.type.name },
            TableColumn("LB", min: 13, max: 16, drop: 2) { $0.cluster.lbPolicy.word },
            TableColumn("TLS", min: 9, max: 9, drop: 4, role: { $0.tls == "plain" ? .textDim : .mtls }) { $0.tls },
            TableColumn(
                "HEALTHY", min: 7, role: { $0.healthRole },
                number: { $0.endpoints == 0 ? 0 : Double($0.healthy) / Double($0.endpoints) }, text: { $0.health }),
            TableColumn(
                "REQS", min: 7, drop: 7, role: { $0.requests > 0 ? .observed : .textDim },
                number: { Double($0.requests) }, text: { Words.grouped($0.requests) }),
            TableColumn(
                "RPS", min: 6, drop: 1, role: { $0.rate > 0 ? .observed : .textDim }, number: { $0.rate },
                text: { Words.fixed($0.rate) }),
            TableColumn("DESTINATION RULE", min: 14, max: 34, drop: 6) {
                $0.destinationRule.isEmpty ? "-" : $0.destinationRule
            },
        ])

    var healthRole: Role {
        // Nothing is ever to be sent to Istio's black hole.
        if cluster.type == .originalDst || id == "BlackHoleCluster" { return .textDim }
        if healthy == 0 { return .error }
        return healthy < endpoints ? .warn : .ok
    }
}

extension EndpointItem {
    static let table = TableView<EndpointItem>(
        "endpoints", naturalOrder: "cluster",
        columns: [
            TableColumn("ENDPOINT", min: 19, max: 40, role: { _ in .name }) { $0.address },
            TableColumn("STATUS", min: 8, max: 9, role: { $0.isEjected ? .error : $0.health.role }) { $0.stateText },
            TableColumn("P", min: 2, drop: 5, number: { Double($0.priority) }, text: { "P\($0.priority)" }),
            TableColumn("WEIGHT", min: 6, drop: 6, number: { Double($0.weight) }, text: { String($0.weight) }),
            TableColumn(
                "REQS", min: 6, drop: 3, role: { $0.requests > 0 ? .observed : .textDim },
                number: { Double($0.requests) }, text: { Words.grouped($0.requests) }),
            TableColumn(
                "PRED", min: 6, drop: 2, role: { $0.predicted == nil ? .textDim : .predicted },
                number: { $0.predicted ?? -1 }, text: { $0.predicted.map { Words.fixed($0 * 100) + "%" } ?? "-" }),
            TableColumn(
                "SHARE", min: 6, drop: 2, role: { $0.share == nil ? .textDim : .observed },
                number: { $0.share ?? -1 }, text: { $0.share.map { Words.fixed($0 * 100) + "%" } ?? "-" }),
            TableColumn("LOCALITY", min: 10, max: 34, drop: 5) { $0.locality.isEmpty ? "-" : $0.locality },
            TableColumn("WORKLOAD", min: 14, max: 50, drop: 1) { $0.workloadText.isEmpty ? "-" : $0.workloadText },
            TableColumn("CLUSTER", min: 16, max: 70, weight: 2, role: { _ in .textDim }) {
                ClusterName($0.cluster).short
            },
        ])
}

extension LbEndpoint.HealthStatus {
    var role: Role {
        switch self {
        case .healthy, .unknown: .ok
        case .degraded, .draining: .warn
        case .unhealthy, .timeout: .error
        }
    }
}

extension Finding {
    static let table = TableView<Finding>(
        "problems", naturalOrder: "severity",
        columns: [
            TableColumn("S", min: 1, max: 1, weight: 0, role: { $0.role }) { $0.letter },
            TableColumn("CODE", min: 7, max: 9, role: { $0.role }) { $0.code.isEmpty ? "-" : $0.code },
            TableColumn("OBJECT", min: 20, max: 44, drop: 1) { $0.object },
            TableColumn("MESSAGE", min: 42, weight: 6, role: { _ in .name }) { $0.message },
            TableColumn("SOURCE", min: 16, max: 40, cutsHead: true, role: { _ in .source }) { $0.location.placeText },
        ])

    var role: Role {
        switch severity {
        case .error: .error
        case .warning: .warn
        case .info: .info
        }
    }
}

extension ObjectItem {
    static let table = TableView<ObjectItem>(
        "store", naturalOrder: "order loaded",
        columns: [
            TableColumn("KIND", min: 15, max: 24, role: { _ in .info }) { $0.kind },
            TableColumn("NAMESPACE", min: 9, max: 24) { $0.namespace.isEmpty ? "-" : $0.namespace },
            TableColumn("NAME", min: 16, max: 48, weight: 2, role: { _ in .name }) { $0.name },
            TableColumn("API VERSION", min: 12, max: 34, drop: 2, role: { _ in .textDim }) { $0.apiVersion },
            TableColumn("SOURCE", min: 16, max: 50, drop: 1, cutsHead: true, role: { _ in .source }) {
                $0.isStandIn ? "(stand-in)" : $0.location.placeText
            },
            TableColumn("LABELS", min: 20, max: 60, drop: 9, role: { _ in .textDim }) {
                $0.labels.isEmpty ? "-" : $0.labels
            },
        ])
}
