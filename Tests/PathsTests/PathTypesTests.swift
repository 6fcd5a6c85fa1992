import Testing
import TrafficEngine

@testable import Paths

struct PathTypesTests {
    @Test("problems are collected in the order of the hops")
    func problems() {
        var path = RequestPath(trace: TrafficTrace(request: SyntheticRequest()))
        var first = PathHop(.cloudLoadBalancer, "a")
        first.note("fine")
        first.warn("hm")
        var second = PathHop(.gateway, "b")
        second.fail("broken")
        path.hops = [first, second]
        #expect(path.problems.map(\.text) == ["hm", "broken"])
    }
}
