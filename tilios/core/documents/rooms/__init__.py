"""Rooms: where those who have one text open meet, over websockets that speak the protocol of y-websocket.

serving.py   the ASGI application at /rooms/: origin, ticket, then the connection until it ends
joining.py   who comes, with which right; asked again while they stay
connection.py  one socket: its limits, what waits to be sent
room.py      one text in memory: who is there, where their cursors are, what is to be told
storing.py   the one thread that writes: many updates, one transaction, and only then they are told
house.py     the rooms of this process, and the ear that hears the other processes
telling.py   what other parts of Tilios tell the rooms
"""
