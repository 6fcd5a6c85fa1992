import Documents
import EnvoyModel
import MeshModel

/// The path of an object in the API server, which routes and clusters name in `filter_metadata.istio.config`
/// (istiod: `BuildConfigInfoMetadata`).
enum ConfigPath {
    static func path(of meta: ObjectMeta, resource: String) -> String {
        let (apiVersion, namespace, name) = (meta.apiVersion, meta.namespace, meta.name)
        var path = ""
        path.reserveCapacity(40 + apiVersion.utf8.count + resource.utf8.count + namespace.utf8.count + name.utf8.count)
        path += "/apis/"
        // By bytes: every VirtualService and DestinationRule has one of these.
        if apiVersion.utf8.contains(UInt8(ascii: "/")) {
            path += apiVersion
        } else {
            path += "networking.istio.io/"
            path += apiVersion.isEmpty ? "v1" : apiVersion
        }
        path += "/namespaces/"
        path += namespace
        path += "/"
        path += resource
        path += "/"
        path += name
        return path
    }
}
