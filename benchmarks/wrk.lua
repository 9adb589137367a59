-- Requests from a file of lines "PATH BODY": drawn by chance, or one after the other from a given place on.
local lines, chance, at = {}, false, 0

function init(args)
  wrk.method = args[1]
  for line in io.lines(args[2]) do lines[#lines + 1] = line end
  chance = args[3] == "random"
  at = tonumber(args[4])
  math.randomseed(at + 1)
end

function request()
  at = chance and math.random(#lines) or at % #lines + 1
  local path, body = lines[at]:match("^(%S+) ?(.*)$")
  return wrk.format(nil, path, nil, body)
end

function done(summary, latency)
  local wrong = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "seconds": %f, "p99": %f, "failed": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(99) / 1e3,
    wrong.status + wrong.connect + wrong.read + wrong.write + wrong.timeout))
end
