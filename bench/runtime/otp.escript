#!/usr/bin/env escript
%%! +S 1:1
%% The same contests in Erlang/OTP, on one scheduler as Node has one thread. Prints one `name value` a line.
-module(otp).
-mode(compile).
-export([main/1, start_link/1, init/1, handle_call/3, handle_cast/2]).

-define(HITS, 500000).
-define(SIBLINGS, 10000).
-define(CROWD, 100000).
-define(CRASHES, 500).

main(_) ->
    logger:set_primary_config(level, none),
    print(rally, rally()),
    print(turnover, turnover()),
    print(bytes, bytes()),
    print(crash_ms, crash_ms()).

print(Name, Value) -> io:format("~s ~.4f~n", [Name, float(Value)]).

%% Messages a second between two servers.
rally() ->
    {ok, A} = start_link(idle),
    {ok, B} = start_link(idle),
    [gen_server:cast(P, {'begin', Peer, ?HITS, self()}) || {P, Peer} <- [{A, B}, {B, A}]],
    2 * ?HITS / seconds(fun() -> gen_server:cast(A, ball), receive finished -> ok end end).

%% Children that come and go in a second, beside others.
turnover() ->
    Sup = start_pool(?SIBLINGS),
    Times = 20000,
    ComeAndGo = fun(N) -> {ok, _} = add(Sup, {guest, N}), ok = supervisor:terminate_child(Sup, {guest, N}) end,
    Times / seconds(fun() -> lists:foreach(ComeAndGo, lists:seq(1, Times)) end).

%% Memory of an idle server, with what its supervisor keeps of it.
bytes() ->
    Before = erlang:memory(total),
    Sup = start_pool(?CROWD),
    [erlang:garbage_collect(P) || P <- [self(), Sup]],
    (erlang:memory(total) - Before) / ?CROWD.

%% Median milliseconds until a server that crashed has been started again.
crash_ms() ->
    Flags = #{strategy => one_for_one, intensity => 1000000, period => 1},
    Child = #{id => fragile, start => {?MODULE, start_link, [{fragile, self()}]}},
    {ok, _} = supervisor:start_link(?MODULE, {supervisor, Flags, [Child]}),
    Once = fun(Pid) -> gen_server:cast(Pid, crash), receive {started, Next} -> Next end end,
    First = receive {started, Pid} -> Pid end,
    {_, Times} = lists:foldl(
        fun(_, {Old, Seen}) ->
            {Us, New} = timer:tc(fun() -> Once(Old) end),
            {New, [Us | Seen]}
        end, {First, []}, lists:seq(1, ?CRASHES)),
    lists:nth(?CRASHES div 2, lists:sort(Times)) / 1000.

start_pool(Count) ->
    {ok, Sup} = supervisor:start_link(?MODULE, {supervisor, #{strategy => one_for_one}, []}),
    lists:foreach(fun(N) -> {ok, _} = add(Sup, {child, N}) end, lists:seq(1, Count)),
    Sup.

add(Sup, Id) ->
    supervisor:start_child(Sup, #{id => Id, start => {?MODULE, start_link, [idle]}, restart => temporary}).

seconds(Work) ->
    {Us, _} = timer:tc(Work),
    Us / 1000000.

start_link(How) -> gen_server:start_link(?MODULE, How, []).

init({supervisor, Flags, Children}) -> {ok, {Flags, Children}};
init({fragile, Bench}) -> Bench ! {started, self()}, {ok, idle};
init(idle) -> {ok, idle}.

handle_call(_, _, State) -> {reply, ok, State}.

handle_cast({'begin', Peer, Hits, Bench}, _) -> {noreply, {Peer, Hits, Bench}};
handle_cast(ball, {_, 0, Bench} = Side) -> Bench ! finished, {noreply, Side};
handle_cast(ball, {Peer, Hits, Bench}) -> gen_server:cast(Peer, ball), {noreply, {Peer, Hits - 1, Bench}};
handle_cast(crash, _) -> error(crashed_on_request).
