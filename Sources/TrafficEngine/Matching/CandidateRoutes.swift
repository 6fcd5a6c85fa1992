/// What searches for requests with a certain outcome ask of a configuration: the engine's own answers about a part of a request.
extension CompiledConnectionManager {
    /// The virtual host that a Host header's value leads to.
    package func virtualHost(of authority: String) -> CompiledVirtualHost? {
        guard let routes else { return nil }
        var block = HeaderBlock()
        var host = block.store(authority.utf8)
        if settings.ignoresPortInHost, let colon = block.portColon(host, needsNumber: false) {
            host = block.part(host, from: 0, to: colon)
        }
        let place = routes.domains.find(block, host: host)
        return place < 0 ? nil : routes.virtualHosts[place]
    }
}

extension CompiledRoute {
    /// Whether the path condition alone takes a path.
    package func takes(path: String) -> Bool {
        var head = RequestHead()
        head.path = head.block.store(path.utf8)
        var view = RequestView()
        view.update(head, ignoresParameters: false)
        return match.path.matches(head, view)
    }
}
