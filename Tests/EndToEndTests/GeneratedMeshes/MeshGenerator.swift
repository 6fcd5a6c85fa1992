import Documents
import TestSupport

/// A random mesh: valid manifests of all kinds, and where requests to it can go.
struct GeneratedMesh {
    let seed: UInt64
    /// The manifests as one `List`.
    var objects: [JSON] = []
    /// The proxies whose configuration is compared.
    var gateways: [String] = []
    let sidecar = "client.alpha"
    /// What the client's requests can be sent to.
    var destinations: [Destination] = []
    /// What the manifests speak of: requests are made of it.
    var words = Vocabulary()

    struct Destination {
        var address: String
        var port: Int
        var hosts: [String]
    }

    var manifests: String {
        JSON.object(["apiVersion": "v1", "kind": "List", "items": .array(objects)]).text(indent: 1)
    }
}

/// The names and values that matches are made of. It is small, so that requests meet several matches.
struct Vocabulary {
    let segments = ["a", "b", "shop", "Shop", "api", "v1", "x.y", "a%20b"]
    let headerNames = ["x-user", "x-env", "x-canary", "cookie"]
    let values = ["ann", "bob", "Ann", "annabel", "", "1", "tab=1; user=ann"]
    let queryNames = ["q", "lang", "Q"]
    let methods = ["GET", "POST", "HEAD", "DELETE", "PUT"]
    let regexes = ["/[a-c]+", "/api/v[0-9]+/.*", "/(a|b)(/.*)?", "/.*\\.y", "/a.b", ".*", "/shop"]
    let valueRegexes = ["an.*", "[0-9]+", "ann|bob", ".*", "^ann$", "(^|.*; )user=ann($|;.*)"]
    /// Hosts outside the mesh, the most of them of gateways.
    let publicHosts = [
        "shop.example.com", "api.example.com", "www.shop.example.com", "a.other.test", "example.com", "b.a.other.test",
    ]
    let wildcards = ["*.example.com", "*.shop.example.com", "*", "*.other.test", "*.com"]
    /// Hosts of Services and ServiceEntries, as a client writes them.
    var meshHosts: [String] = []
}

/// Makes meshes: the same seed, the same mesh.
struct MeshGenerator {
    var random: SplitMix64
    var mesh: GeneratedMesh
    var services: [GeneratedService] = []
    /// Subset names by host, for destinations that name one.
    var subsets: [String: [String]] = [:]
    var addresses = 0
    var names = 0

    let namespaces = ["alpha", "beta", "gamma"]

    static func mesh(seed: UInt64) -> GeneratedMesh {
        var generator = MeshGenerator(seed: seed)
        generator.generate()
        return generator.mesh
    }

    private init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        mesh = GeneratedMesh(seed: seed)
    }

    private mutating func generate() {
        makeNamespaces()
        makeIngressGateway()
        makeClient()
        for _ in 0..<number(3...6) { makeService() }
        for _ in 0..<number(1...4) { makeServiceEntry() }
        makeDestinationRules()
        makeGateways()
        for _ in 0..<number(2...6) { makeVirtualService() }
        if chance(0.6) { makeKubernetesGateways() }
        for _ in 0..<number(0...3) { makeMeshRoute() }
        if chance(0.4) { makeIngress() }
        if chance(0.4) { makeSidecar() }
        makePeerAuthentications()
        shuffle()
    }

    /// Files come in any order.
    private mutating func shuffle() { mesh.objects.shuffle(using: &random) }
}

// MARK: Chance

extension MeshGenerator {
    mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &random) < probability }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    /// One of a list that is never empty.
    mutating func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: values.indices, using: &random)] }

    mutating func maybe<Value>(_ probability: Double, _ value: (inout Self) -> Value) -> Value? {
        chance(probability) ? value(&self) : nil
    }

    /// Between `least` and `most` different ones, in their order.
    mutating func some<Value: Hashable>(_ values: [Value], _ least: Int = 1, upTo most: Int = 3) -> [Value] {
        let count = min(number(least...most), values.count)
        return Array(values.shuffled(using: &random).prefix(count))
    }

    mutating func list<Value>(_ range: ClosedRange<Int>, _ element: (inout Self) -> Value) -> [Value] {
        (0..<number(range)).map { _ in element(&self) }
    }

    /// A name that no other object has.
    mutating func name(_ prefix: String) -> String {
        names += 1
        return "\(prefix)-\(names)"
    }

    /// An address that no other object has.
    mutating func address(_ network: String) -> String {
        addresses += 1
        return "\(network).\(addresses / 200).\(addresses % 200 + 10)"
    }
}

// MARK: Objects

extension MeshGenerator {
    /// Adds an object. Creation times are random, so that "the older wins" is tried as well.
    mutating func add(
        _ apiVersion: String, _ kind: String, _ name: String, _ namespace: String?, labels: [String: String] = [:],
        annotations: [String: String] = [:], _ rest: KeyValuePairs<String, JSON?>
    ) {
        var object = JSONObject()
        object["apiVersion"] = .string(apiVersion)
        object["kind"] = .string(kind)
        object["metadata"] = fields([
            "name": .string(name), "namespace": namespace.map { .string($0) },
            "creationTimestamp": .string("2026-01-0\(number(1...9))T00:00:00Z"),
            "labels": labels.isEmpty ? nil : texts(labels),
            "annotations": annotations.isEmpty ? nil : texts(annotations),
        ])
        for (key, value) in rest { object[key] = value }
        mesh.objects.append(.object(object))
    }

    mutating func addIstio(
        _ kind: String, _ name: String, _ namespace: String, labels: [String: String] = [:], _ spec: JSON
    ) {
        let version = chance(0.8) ? "networking.istio.io/v1" : "networking.istio.io/v1beta1"
        add(version, kind, name, namespace, labels: labels, ["spec": spec])
    }

    mutating func exportTo(_ probability: Double) -> JSON? {
        maybe(probability) { $0.pick([["*"], ["."], ["alpha"], ["istio-system"], [".", "istio-system"]]) }
    }
}

/// An object of those fields that have a value.
func fields(_ pairs: KeyValuePairs<String, JSON?>) -> JSON {
    var object = JSONObject()
    for (key, value) in pairs { object.add(key, value) }
    return .object(object)
}

/// A map of texts, in the order of its keys.
func texts(_ map: [String: String]) -> JSON {
    var object = JSONObject()
    for (key, value) in map.sorted(by: { $0.key < $1.key }) { object.add(key, .string(value)) }
    return .object(object)
}

func texts(_ list: [String]) -> JSON { .array(list.map { .string($0) }) }

extension JSON {
    static func object(_ pairs: KeyValuePairs<String, JSON?>) -> JSON { fields(pairs) }
    static func number(_ value: Int) -> JSON { .int(Int64(value)) }
}
