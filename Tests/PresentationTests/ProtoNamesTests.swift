import Documents
import TestSupport
import Testing

@testable import Presentation

struct ProtoNamesTests {
    @Test("snake_case → lowerCamelCase → snake_case is the same name", arguments: 0..<4 as Range<UInt64>)
    func roundTrip(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        for _ in 0..<500 {
            let name = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                // A word begins with a letter; digits may follow.
                String(
                    (0..<Int.random(in: 1...6, using: &random)).map { _ in letters.randomElement(using: &random) ?? "a"
                    })
                    + (Bool.random(using: &random) ? "" : String(Int.random(in: 0...99, using: &random)))
            }.joined(separator: "_")
            #expect(ProtoNames.snakeCase(ProtoNames.camelCase(name)) == name)
        }
    }

    @Test("keys of maps and contents of Structs stay as they are, messages below them do not")
    func mapsAndStructs() throws {
        let message: JSON = [
            "load_assignment": ["cluster_name": "a_b"],
            "metadata": [
                "filter_metadata": ["istio_x": ["default_port": 1]], "typed_filter_metadata": ["a_b": ["c_d": 1]],
            ],
            "typed_per_filter_config": ["envoy.filters.http.local_rate": ["stat_prefix": "s", "runtime_key": "k"]],
            "node": ["metadata": ["ISTIO_VERSION": "1", "a_b": 2], "user_agent_name": "envoy"],
            "transport_socket_matches": [["match": ["tls_mode": "istio"], "transport_socket": ["typed_config": [:]]]],
            "typed_config": [
                "@type": "type.googleapis.com/xds.type.v3.TypedStruct", "type_url": "x", "value": ["snake_key": true],
            ],
        ]
        let expected: JSON = [
            "loadAssignment": ["clusterName": "a_b"],
            "metadata": [
                "filterMetadata": ["istio_x": ["default_port": 1]], "typedFilterMetadata": ["a_b": ["cD": 1]],
            ],
            "typedPerFilterConfig": ["envoy.filters.http.local_rate": ["statPrefix": "s", "runtimeKey": "k"]],
            "node": ["metadata": ["ISTIO_VERSION": "1", "a_b": 2], "userAgentName": "envoy"],
            "transportSocketMatches": [["match": ["tls_mode": "istio"], "transportSocket": ["typedConfig": [:]]]],
            "typedConfig": [
                "@type": "type.googleapis.com/xds.type.v3.TypedStruct", "typeUrl": "x", "value": ["snake_key": true],
            ],
        ]
        #expect(ProtoNames.camelCased(message) == expected)
        #expect(ProtoNames.snakeCased(expected) == message)
    }

    @Test(
        "a real Envoy's dump survives both renamings",
        .enabled(if: oracleFolder != nil, "the oracle folder is not here"))
    func realDump() throws {
        let path = try #require(oracleFolder) + "/envoy-admin/config_dump_include_eds.json"
        let dump = try #require(JSONReader.read(try readBytes(path), file: path).documents.first?.root.json)
        #expect(difference(ProtoNames.snakeCased(ProtoNames.camelCased(dump)), dump, at: "") == nil)
    }

    /// The path of the first difference.
    private func difference(_ left: JSON, _ right: JSON, at path: String) -> String? {
        switch (left, right) {
        case (.object(let left), .object(let right)):
            if left.keys != right.keys { return "\(path): \(left.keys) \(right.keys)" }
            return zip(left.members, right.members).lazy
                .compactMap { difference($0.value, $1.value, at: path + "/" + $0.key) }.first
        case (.array(let left), .array(let right)) where left.count == right.count:
            return zip(left, right).lazy.compactMap { difference($0, $1, at: path + "[]") }.first
        default: return left == right ? nil : path
        }
    }
}
