// usage: Service MODEL PORT
//
// A service in ASP.NET's minimal style; with ASP.NET itself, Map and the handlers stay as they are and the rest of App goes:
//   POST /classify   a scan as text (PGM) in, {"digit":3,"probability":0.99} out
//   GET  /health     what the network has cost so far
//   POST /stop       answers, finishes what it works on, ends
//
// The weights exist once; each request borrows one of a few networks, so that requests run side by side. A client that
// waits longer than a second gets 503.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Lite;

internal static class Program
{
    private static int Main(string[] args)
    {
        if (args.Length != 2)
        {
            Console.Error.WriteLine("usage: Service MODEL PORT");
            return 2;
        }

        using (var app = new App(args[0], int.Parse(args[1], CultureInfo.InvariantCulture)))
        {
            app.MapPost("/classify", app.Classify);
            app.MapGet("/health", (body, token) => Task.FromResult("{\"runs\":" + app.Runs + "}"));
            app.MapPost("/stop", (body, token) =>
            {
                app.Stop();
                return Task.FromResult("{}");
            });
            app.Run().GetAwaiter().GetResult();
        }

        return 0;
    }
}

internal sealed class App : IDisposable
{
    private readonly TcpListener _listener;
    private readonly Dictionary<string, Func<string, CancellationToken, Task<string>>> _routes =
        new Dictionary<string, Func<string, CancellationToken, Task<string>>>();

    private readonly List<Network> _networks = new List<Network>();
    private readonly ConcurrentBag<Network> _idle = new ConcurrentBag<Network>();
    private readonly SemaphoreSlim _free;
    private readonly CancellationTokenSource _stop = new CancellationTokenSource();

    internal App(string model, int port)
    {
        _networks.Add(new Network(model));
        while (_networks.Count < Environment.ProcessorCount)
        {
            _networks.Add(_networks[0].Share());
        }

        _networks.ForEach(_idle.Add);
        _free = new SemaphoreSlim(_networks.Count);
        _listener = new TcpListener(IPAddress.Loopback, port);
    }

    internal long Runs
    {
        get { return _networks.Sum(n => n.Statistics.Runs); }
    }

    public void Dispose()
    {
        _networks.ForEach(n => n.Dispose());
    }

    internal void MapGet(string path, Func<string, CancellationToken, Task<string>> handler)
    {
        _routes.Add("GET " + path, handler);
    }

    internal void MapPost(string path, Func<string, CancellationToken, Task<string>> handler)
    {
        _routes.Add("POST " + path, handler);
    }

    internal void Stop()
    {
        _stop.Cancel();
    }

    internal async Task Run()
    {
        _listener.Start();
        var stopped = new TaskCompletionSource<TcpClient>();
        _stop.Token.Register(() => stopped.TrySetCanceled());
        var requests = new List<Task>();
        while (true)
        {
            Task<TcpClient> next = await Task.WhenAny(_listener.AcceptTcpClientAsync(), stopped.Task);
            if (next == stopped.Task)
            {
                break;
            }

            requests.RemoveAll(r => r.IsCompleted);
            requests.Add(Answer(await next));
        }

        await Task.WhenAll(requests);
        _listener.Stop();
    }

    internal async Task<string> Classify(string body, CancellationToken token)
    {
        string[] words = body.Split((char[])null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 4 + 64 || words[0] != "P2")
        {
            throw new FormatException("a PGM of 8 x 8 in text is wanted");
        }

        float[] pixels = words.Skip(4).Select(w => int.Parse(w, CultureInfo.InvariantCulture) / 255f).ToArray();
        await _free.WaitAsync(token);
        _idle.TryTake(out Network net);
        try
        {
            net.Inputs["data"].Set(pixels, 1, 1, 8, 8);
            await net.RunAsync(token);
            float[] prob = net.Outputs["prob"].ToArray<float>();
            float best = prob.Max();
            string probability = best.ToString("F4", CultureInfo.InvariantCulture);
            return "{\"digit\":" + Array.IndexOf(prob, best) + ",\"probability\":" + probability + "}";
        }
        finally
        {
            _idle.Add(net);
            _free.Release();
        }
    }

    private async Task Answer(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                Tuple<string, string> request = await ReadRequest(stream);
                Tuple<string, string> answer = await Respond(request.Item1, request.Item2);
                byte[] body = Encoding.UTF8.GetBytes(answer.Item2);
                string head = "HTTP/1.1 " + answer.Item1 + "\r\nContent-Type: application/json\r\nContent-Length: " + body.Length +
                    "\r\nConnection: close\r\n\r\n";
                byte[] bytes = Encoding.ASCII.GetBytes(head).Concat(body).ToArray();
                await stream.WriteAsync(bytes, 0, bytes.Length);
            }
            catch (IOException)
            {
                // The client is gone.
            }
        }
    }

    // The status and the body.
    private async Task<Tuple<string, string>> Respond(string target, string body)
    {
        if (!_routes.ContainsKey(target))
        {
            return Tuple.Create("404 Not Found", "{}");
        }

        using (var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1)))
        {
            try
            {
                return Tuple.Create("200 OK", await _routes[target](body, limit.Token));
            }
            catch (FormatException e)
            {
                return Tuple.Create("400 Bad Request", "{\"error\":\"" + e.Message + "\"}");
            }
            catch (OperationCanceledException)
            {
                return Tuple.Create("503 Service Unavailable", "{\"error\":\"busy\"}");
            }
        }
    }

    // "POST /path" and the body, of at most 64 kB together.
    private static async Task<Tuple<string, string>> ReadRequest(NetworkStream stream)
    {
        var buffer = new byte[1 << 16];
        int have = 0, wanted = int.MaxValue, head = -1;
        while (have < wanted)
        {
            int got = await stream.ReadAsync(buffer, have, buffer.Length - have);
            if (got == 0)
            {
                throw new IOException("the request ends early, or is too long");
            }

            have += got;
            if (head < 0)
            {
                head = Encoding.ASCII.GetString(buffer, 0, have).IndexOf("\r\n\r\n", StringComparison.Ordinal);
                wanted = head < 0 ? int.MaxValue : head + 4 + ContentLength(Encoding.ASCII.GetString(buffer, 0, head));
            }
        }

        string[] words = Encoding.ASCII.GetString(buffer, 0, head).Split(' ');
        return Tuple.Create(words[0] + " " + words[1], Encoding.UTF8.GetString(buffer, head + 4, have - head - 4));
    }

    private static int ContentLength(string head)
    {
        const string Name = "content-length:";
        string line = head.Split('\n').FirstOrDefault(l => l.StartsWith(Name, StringComparison.OrdinalIgnoreCase));
        return line == null ? 0 : int.Parse(line.Substring(Name.Length), CultureInfo.InvariantCulture);
    }
}
