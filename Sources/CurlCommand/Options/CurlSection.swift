/// What the options between two `--next` ask for.
struct CurlSection {
    struct Address {
        var text: String
        var place: TextPlace
    }
    struct Placed {
        var text: String
        var place: TextPlace
    }
    struct FormPart {
        var text: String
        var isLiteral: Bool
        var place: TextPlace
    }

    var addresses: [Address] = []
    var outputs: [Placed] = []
    var uploads: [Placed] = []
    var headers: [Placed] = []
    var method: String?
    var isHead = false
    var isGet = false
    /// `-d` and relatives joined; `nil` when none was given.
    var data: [UInt8]?
    var isJSON = false
    var forms: [FormPart] = []
    var queries: [String] = []
    var userAgent: String?
    var referer: String?
    var autoReferer = false
    var cookies: [String] = []
    var user: String?
    var bearer: String?
    var announcedScheme: String?
    var range: String?
    var isCompressed = false
    var asksTransferEncoding = false
    var requestTarget: String?
    var pathAsIs = false
    var noGlob = false
    var version: CurlRequest.Version?
    var alpn = true
    var isInsecure = false
    var certificate: String?
    var resolve: [Placed] = []
    var connectTo: [Placed] = []
    var proxy: String?
    var proxyProtocol: String?
    var unixSocket: String?
    var maxTime: Double?
    var defaultScheme = "http"
    var includes = false
    var fails = false
    var failsWithBody = false
    var dumpsHeadersTo: String?
    var writeOut: String?
    var remoteNames = false
    var redirects = CurlRedirects()
    var etag: String?
    var place = TextPlace()
}

/// What holds for all sections.
struct CurlGlobals {
    var isSilent = false
    var showsErrors = false
    var isVerbose = false
    var isParallel = false
}
