import Documents
import MeshModel

/// The mesh that the program opens by itself: `Samples/demo`, built in so that a copied binary has it too.
enum EmbeddedSample {
    struct File: Sendable {
        /// As `Samples/demo` calls it.
        var path: String
        var text: String
    }

    /// Its manifests, read.
    static func snapshot(settings: MeshSnapshot.Settings = MeshSnapshot.Settings()) -> (MeshSnapshot, [Diagnostic]) {
        var manifests: [ManifestFile] = []
        var diagnostics: [Diagnostic] = []
        for file in files {
            let parsed = DocumentReader.read(file.text, file: file.path)
            let read = ManifestFile.read(path: file.path, documents: parsed.documents)
            diagnostics += parsed.diagnostics + read.diagnostics
            manifests.append(read)
        }
        let (snapshot, problems) = MeshSnapshot.build(files: manifests, settings: settings)
        return (snapshot, diagnostics + problems)
    }

    /// Requests that make it lively, with how often each comes among all: answers of every kind and every route.
    static let traffic: [(weight: Int, line: String)] = [
        (14, "curl http://$INGRESS_HOST/productpage -H 'Host: bookinfo.example.com'"),
        (10, "curl http://$INGRESS_HOST/reviews/1 -H 'Host: bookinfo.example.com'"),
        (5, "curl http://$INGRESS_HOST/reviews/1 -H 'Host: bookinfo.example.com' -H 'end-user: jason'"),
        (4, "curl http://$INGRESS_HOST/api/v1/products/0 -H 'Host: bookinfo.example.com'"),
        (12, "curl http://$INGRESS_HOST/catalog/42 -H 'Host: shop.example.com'"),
        (6, "curl http://$INGRESS_HOST/catalog/7?colour=red -H 'Host: shop.example.com'"),
        (8, "curl http://$INGRESS_HOST/cart -H 'Host: shop.example.com' -H 'x-user: ann'"),
        (6, "curl http://$INGRESS_HOST/cart -H 'Host: shop.example.com' -H 'x-user: bob'"),
        (4, "curl http://$INGRESS_HOST/cart -d item=42 -H 'Host: shop.example.com' -H 'x-user: cleo'"),
        (8, "curl http://$INGRESS_HOST/status/200 -H 'Host: httpbin.example.com'"),
        (3, "curl http://$INGRESS_HOST/status/418 -H 'Host: httpbin.example.com'"),
        (2, "curl http://$INGRESS_HOST/status/503 -H 'Host: httpbin.example.com'"),
        (2, "curl http://$INGRESS_HOST/delay/1 -H 'Host: httpbin.example.com'"),
        (3, "curl http://$INGRESS_HOST/headers -H 'Host: httpbin.example.com'"),
        (2, "curl http://$INGRESS_HOST/old/42 -H 'Host: shop.example.com'"),
        (1, "curl http://$INGRESS_HOST/beta -H 'Host: shop.example.com'"),
        (1, "curl http://$INGRESS_HOST/next -H 'Host: shop.example.com'"),
        (1, "curl http://$INGRESS_HOST/ -H 'Host: elsewhere.example.com'"),
    ]
}
