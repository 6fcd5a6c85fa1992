import TerminalUI

/// What is looked for in the background, and shown beside the rows when it is found.
extension AppModel {
    /// With more routes than this nobody looks for a request for each; `C` does it for one.
    private static let mostWitnesses = 400

    /// What the screen could show and nobody has asked for yet. Once a tick, so that a walking cursor asks for nothing.
    mutating func wantedReasons() -> [Effect] {
        guard view.live == nil, !view.objects.isEmpty, overlay == nil || screen == .tap else { return [] }
        switch screen {
        case .routes:
            guard !reasons.areWitnessesAsked, allRoutes.count <= AppModel.mostWitnesses else { return [] }
            reasons.areWitnessesAsked = true
            return [.findWitnesses]
        case .tap:
            guard !tap.isFollowing || tap.isPaused || overlay != nil, let entry = tap.table.selected, entry.isBad,
                reasons.causes[entry.kind] == nil
            else { return [] }
            reasons.causes[entry.kind] = []
            return [.findCauses(kind: entry.kind, line: entry.curl, flags: entry.flags)]
        default: return []
        }
    }

    // MARK: Routes

    mutating func markHidden() {
        guard !reasons.witnesses.isEmpty else { return }
        let witnesses = reasons.witnesses
        routes.updateRows { $0.isHidden = witnesses[$0.id]?.isHidden ?? false }
    }

    /// A request that takes the route, or why there is none.
    func witnessLines(of item: RouteItem) -> [TextLine] {
        let witness = reasons.witnesses[item.id]
        if let problem = witness?.problem {
            return [
                [Span(problem, .error)],
                [Span("t", .key), Span(" traces a request that it was made for", .textDim)],
            ]
        }
        return [
            [
                Span(witness == nil ? "a request that hits it: " : "a request that hits it, tried: ", .textDim),
                Span("C", .key), Span(" copies, ", .textDim), Span("t", .key), Span(" traces", .textDim),
            ],
            TextLine(reachable(item), .info),
        ]
    }

    // MARK: Problems

    mutating func fixSelection() -> [Effect] {
        guard let finding = findings.selected else { return [] }
        say("trying changes …")
        return [.fix(finding)]
    }

    mutating func show(_ fix: FindingFix) {
        notice = nil
        if let problem = fix.problem {
            say(problem)
            return
        }
        guard screen == .problems, overlay == nil, findings.selected?.id == fix.finding else { return }
        openText("a change that puts it right, tried", PatchText.lines(fix.lines), indent: 10, copying: fix.patch)
    }

    // MARK: Tap

    /// What is known of why a request went wrong.
    func causeLines(of entry: TapEntry) -> [TextLine] {
        guard view.live == nil else { return [] }
        if entry.status >= 500, !entry.isBad {
            return [TextLine("the endpoint itself answered \(entry.status): look there", .textDim)]
        }
        guard entry.isBad else { return [] }
        guard let lines = reasons.causes[entry.kind], !lines.isEmpty else {
            let isAsked = reasons.causes[entry.kind] != nil
            let note = isAsked ? "looking for the cause …" : "stay on it for the cause: f or p stops the list"
            return [TextLine(note, .textDim)]
        }
        return PatchText.lines(lines)
    }

    /// The page about a request shows what was found out about it meanwhile.
    mutating func refreshTapDetail() {
        guard screen == .tap, case .text(var state) = overlay, state.isTapDetail, let entry = tap.table.selected else {
            return
        }
        state.view.lines = tapDetail(of: entry)
        overlay = .text(state)
    }

    func tapDetail(of entry: TapEntry) -> [TextLine] {
        let isExplained = reasons.causes[entry.kind]?.isEmpty == false
        return entry.detailLines(meters.route(of: entry), isExplained: isExplained) + causeLines(of: entry)
    }
}

extension RouteWitness {
    /// A row above takes all of its requests.
    var isHidden: Bool { problem?.hasPrefix("cannot be hit") ?? false }
}
